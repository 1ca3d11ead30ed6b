import * as $protobuf from "protobufjs";
/** Namespace capstan. */
export namespace capstan {

    /** Namespace v1. */
    namespace v1 {

        /** Properties of an EnrolRequest. */
        interface IEnrolRequest {

            /** EnrolRequest token */
            token?: (string|null);

            /** EnrolRequest name */
            name?: (string|null);

            /** EnrolRequest request */
            request?: (Uint8Array|null);
        }

        /** Represents an EnrolRequest. */
        class EnrolRequest implements IEnrolRequest {

            /**
             * Constructs a new EnrolRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IEnrolRequest);

            /** EnrolRequest token. */
            public token: string;

            /** EnrolRequest name. */
            public name: string;

            /** EnrolRequest request. */
            public request: Uint8Array;

            /**
             * Creates a new EnrolRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns EnrolRequest instance
             */
            public static create(properties?: capstan.v1.IEnrolRequest): capstan.v1.EnrolRequest;

            /**
             * Encodes the specified EnrolRequest message. Does not implicitly {@link capstan.v1.EnrolRequest.verify|verify} messages.
             * @param message EnrolRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IEnrolRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EnrolRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns EnrolRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.EnrolRequest;
        }

        /** Properties of a RenewCertificateRequest. */
        interface IRenewCertificateRequest {

            /** RenewCertificateRequest request */
            request?: (Uint8Array|null);
        }

        /** Represents a RenewCertificateRequest. */
        class RenewCertificateRequest implements IRenewCertificateRequest {

            /**
             * Constructs a new RenewCertificateRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IRenewCertificateRequest);

            /** RenewCertificateRequest request. */
            public request: Uint8Array;

            /**
             * Creates a new RenewCertificateRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RenewCertificateRequest instance
             */
            public static create(properties?: capstan.v1.IRenewCertificateRequest): capstan.v1.RenewCertificateRequest;

            /**
             * Encodes the specified RenewCertificateRequest message. Does not implicitly {@link capstan.v1.RenewCertificateRequest.verify|verify} messages.
             * @param message RenewCertificateRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IRenewCertificateRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RenewCertificateRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns RenewCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.RenewCertificateRequest;
        }

        /** Properties of a CertificateResponse. */
        interface ICertificateResponse {

            /** CertificateResponse certificate */
            certificate?: (Uint8Array|null);

            /** CertificateResponse agentPort */
            agentPort?: (number|null);

            /** CertificateResponse nowMs */
            nowMs?: (number|null);
        }

        /** Represents a CertificateResponse. */
        class CertificateResponse implements ICertificateResponse {

            /**
             * Constructs a new CertificateResponse.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.ICertificateResponse);

            /** CertificateResponse certificate. */
            public certificate: Uint8Array;

            /** CertificateResponse agentPort. */
            public agentPort: number;

            /** CertificateResponse nowMs. */
            public nowMs: number;

            /**
             * Creates a new CertificateResponse instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CertificateResponse instance
             */
            public static create(properties?: capstan.v1.ICertificateResponse): capstan.v1.CertificateResponse;

            /**
             * Encodes the specified CertificateResponse message. Does not implicitly {@link capstan.v1.CertificateResponse.verify|verify} messages.
             * @param message CertificateResponse message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.ICertificateResponse, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CertificateResponse message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns CertificateResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.CertificateResponse;
        }

        /** Properties of a PollRequest. */
        interface IPollRequest {

            /** PollRequest revisionSeen */
            revisionSeen?: (number|null);

            /** PollRequest instance */
            instance?: (string|null);

            /** PollRequest session */
            session?: (string|null);

            /** PollRequest reportSequence */
            reportSequence?: (number|null);

            /** PollRequest epochSeen */
            epochSeen?: (number|null);

            /** PollRequest restoreSeen */
            restoreSeen?: (string|null);
        }

        /** Represents a PollRequest. */
        class PollRequest implements IPollRequest {

            /**
             * Constructs a new PollRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IPollRequest);

            /** PollRequest revisionSeen. */
            public revisionSeen: number;

            /** PollRequest instance. */
            public instance: string;

            /** PollRequest session. */
            public session: string;

            /** PollRequest reportSequence. */
            public reportSequence: number;

            /** PollRequest epochSeen. */
            public epochSeen?: (number|null);

            /** PollRequest restoreSeen. */
            public restoreSeen?: (string|null);

            /**
             * Creates a new PollRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PollRequest instance
             */
            public static create(properties?: capstan.v1.IPollRequest): capstan.v1.PollRequest;

            /**
             * Encodes the specified PollRequest message. Does not implicitly {@link capstan.v1.PollRequest.verify|verify} messages.
             * @param message PollRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IPollRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PollRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns PollRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.PollRequest;
        }

        /** Properties of a PollResponse. */
        interface IPollResponse {

            /** PollResponse desired */
            desired?: (capstan.v1.IDesiredState|null);

            /** PollResponse retryAfterMs */
            retryAfterMs?: (number|null);

            /** PollResponse reportWanted */
            reportWanted?: (boolean|null);

            /** PollResponse logs */
            logs?: (capstan.v1.ILogRequest[]|null);
        }

        /** Represents a PollResponse. */
        class PollResponse implements IPollResponse {

            /**
             * Constructs a new PollResponse.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IPollResponse);

            /** PollResponse desired. */
            public desired?: (capstan.v1.IDesiredState|null);

            /** PollResponse retryAfterMs. */
            public retryAfterMs: number;

            /** PollResponse reportWanted. */
            public reportWanted: boolean;

            /** PollResponse logs. */
            public logs: capstan.v1.ILogRequest[];

            /**
             * Creates a new PollResponse instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PollResponse instance
             */
            public static create(properties?: capstan.v1.IPollResponse): capstan.v1.PollResponse;

            /**
             * Encodes the specified PollResponse message. Does not implicitly {@link capstan.v1.PollResponse.verify|verify} messages.
             * @param message PollResponse message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IPollResponse, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PollResponse message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns PollResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.PollResponse;
        }

        /** Properties of a LogRequest. */
        interface ILogRequest {

            /** LogRequest id */
            id?: (string|null);

            /** LogRequest app */
            app?: (string|null);

            /** LogRequest maxBytes */
            maxBytes?: (number|null);
        }

        /** Represents a LogRequest. */
        class LogRequest implements ILogRequest {

            /**
             * Constructs a new LogRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.ILogRequest);

            /** LogRequest id. */
            public id: string;

            /** LogRequest app. */
            public app: string;

            /** LogRequest maxBytes. */
            public maxBytes: number;

            /**
             * Creates a new LogRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LogRequest instance
             */
            public static create(properties?: capstan.v1.ILogRequest): capstan.v1.LogRequest;

            /**
             * Encodes the specified LogRequest message. Does not implicitly {@link capstan.v1.LogRequest.verify|verify} messages.
             * @param message LogRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.ILogRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LogRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns LogRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.LogRequest;
        }

        /** Properties of a ReportRequest. */
        interface IReportRequest {

            /** ReportRequest session */
            session?: (string|null);

            /** ReportRequest sequence */
            sequence?: (number|null);

            /** ReportRequest status */
            status?: (capstan.v1.INodeStatus|null);

            /** ReportRequest logs */
            logs?: (capstan.v1.ILogAnswer[]|null);

            /** ReportRequest serving */
            serving?: (capstan.v1.IServing|null);
        }

        /** Represents a ReportRequest. */
        class ReportRequest implements IReportRequest {

            /**
             * Constructs a new ReportRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IReportRequest);

            /** ReportRequest session. */
            public session: string;

            /** ReportRequest sequence. */
            public sequence: number;

            /** ReportRequest status. */
            public status?: (capstan.v1.INodeStatus|null);

            /** ReportRequest logs. */
            public logs: capstan.v1.ILogAnswer[];

            /** ReportRequest serving. */
            public serving?: (capstan.v1.IServing|null);

            /**
             * Creates a new ReportRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ReportRequest instance
             */
            public static create(properties?: capstan.v1.IReportRequest): capstan.v1.ReportRequest;

            /**
             * Encodes the specified ReportRequest message. Does not implicitly {@link capstan.v1.ReportRequest.verify|verify} messages.
             * @param message ReportRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IReportRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReportRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns ReportRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.ReportRequest;
        }

        /** Properties of a FindPeersRequest. */
        interface IFindPeersRequest {

            /** FindPeersRequest packs */
            packs?: (string[]|null);

            /** FindPeersRequest corrupt */
            corrupt?: (string[]|null);
        }

        /** Represents a FindPeersRequest. */
        class FindPeersRequest implements IFindPeersRequest {

            /**
             * Constructs a new FindPeersRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IFindPeersRequest);

            /** FindPeersRequest packs. */
            public packs: string[];

            /** FindPeersRequest corrupt. */
            public corrupt: string[];

            /**
             * Creates a new FindPeersRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns FindPeersRequest instance
             */
            public static create(properties?: capstan.v1.IFindPeersRequest): capstan.v1.FindPeersRequest;

            /**
             * Encodes the specified FindPeersRequest message. Does not implicitly {@link capstan.v1.FindPeersRequest.verify|verify} messages.
             * @param message FindPeersRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IFindPeersRequest, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FindPeersRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns FindPeersRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.FindPeersRequest;
        }

        /** Properties of a FindPeersResponse. */
        interface IFindPeersResponse {

            /** FindPeersResponse packs */
            packs?: (capstan.v1.IPackPeers[]|null);

            /** FindPeersResponse askAgainMs */
            askAgainMs?: (number|null);
        }

        /** Represents a FindPeersResponse. */
        class FindPeersResponse implements IFindPeersResponse {

            /**
             * Constructs a new FindPeersResponse.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IFindPeersResponse);

            /** FindPeersResponse packs. */
            public packs: capstan.v1.IPackPeers[];

            /** FindPeersResponse askAgainMs. */
            public askAgainMs: number;

            /**
             * Creates a new FindPeersResponse instance using the specified properties.
             * @param [properties] Properties to set
             * @returns FindPeersResponse instance
             */
            public static create(properties?: capstan.v1.IFindPeersResponse): capstan.v1.FindPeersResponse;

            /**
             * Encodes the specified FindPeersResponse message. Does not implicitly {@link capstan.v1.FindPeersResponse.verify|verify} messages.
             * @param message FindPeersResponse message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IFindPeersResponse, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FindPeersResponse message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns FindPeersResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.FindPeersResponse;
        }

        /** Properties of a PackPeers. */
        interface IPackPeers {

            /** PackPeers pack */
            pack?: (string|null);

            /** PackPeers peers */
            peers?: (capstan.v1.IPeer[]|null);

            /** PackPeers seedRank */
            seedRank?: (number|null);

            /** PackPeers seedOf */
            seedOf?: (number|null);
        }

        /** Represents a PackPeers. */
        class PackPeers implements IPackPeers {

            /**
             * Constructs a new PackPeers.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IPackPeers);

            /** PackPeers pack. */
            public pack: string;

            /** PackPeers peers. */
            public peers: capstan.v1.IPeer[];

            /** PackPeers seedRank. */
            public seedRank: number;

            /** PackPeers seedOf. */
            public seedOf: number;

            /**
             * Creates a new PackPeers instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PackPeers instance
             */
            public static create(properties?: capstan.v1.IPackPeers): capstan.v1.PackPeers;

            /**
             * Encodes the specified PackPeers message. Does not implicitly {@link capstan.v1.PackPeers.verify|verify} messages.
             * @param message PackPeers message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IPackPeers, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PackPeers message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns PackPeers
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.PackPeers;
        }

        /** Properties of a Peer. */
        interface IPeer {

            /** Peer node */
            node?: (string|null);

            /** Peer url */
            url?: (string|null);
        }

        /** Represents a Peer. */
        class Peer implements IPeer {

            /**
             * Constructs a new Peer.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IPeer);

            /** Peer node. */
            public node: string;

            /** Peer url. */
            public url: string;

            /**
             * Creates a new Peer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Peer instance
             */
            public static create(properties?: capstan.v1.IPeer): capstan.v1.Peer;

            /**
             * Encodes the specified Peer message. Does not implicitly {@link capstan.v1.Peer.verify|verify} messages.
             * @param message Peer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IPeer, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Peer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns Peer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.Peer;
        }

        /** Properties of a LogAnswer. */
        interface ILogAnswer {

            /** LogAnswer id */
            id?: (string|null);

            /** LogAnswer text */
            text?: (string|null);
        }

        /** Represents a LogAnswer. */
        class LogAnswer implements ILogAnswer {

            /**
             * Constructs a new LogAnswer.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.ILogAnswer);

            /** LogAnswer id. */
            public id: string;

            /** LogAnswer text. */
            public text: string;

            /**
             * Creates a new LogAnswer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns LogAnswer instance
             */
            public static create(properties?: capstan.v1.ILogAnswer): capstan.v1.LogAnswer;

            /**
             * Encodes the specified LogAnswer message. Does not implicitly {@link capstan.v1.LogAnswer.verify|verify} messages.
             * @param message LogAnswer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.ILogAnswer, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LogAnswer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns LogAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.LogAnswer;
        }

        /** Properties of a ReportResponse. */
        interface IReportResponse {

            /** ReportResponse acknowledged */
            acknowledged?: (number|null);
        }

        /** Represents a ReportResponse. */
        class ReportResponse implements IReportResponse {

            /**
             * Constructs a new ReportResponse.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IReportResponse);

            /** ReportResponse acknowledged. */
            public acknowledged: number;

            /**
             * Creates a new ReportResponse instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ReportResponse instance
             */
            public static create(properties?: capstan.v1.IReportResponse): capstan.v1.ReportResponse;

            /**
             * Encodes the specified ReportResponse message. Does not implicitly {@link capstan.v1.ReportResponse.verify|verify} messages.
             * @param message ReportResponse message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IReportResponse, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReportResponse message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns ReportResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.ReportResponse;
        }

        /** Properties of a ReleaseRef. */
        interface IReleaseRef {

            /** ReleaseRef version */
            version?: (string|null);

            /** ReleaseRef digest */
            digest?: (string|null);

            /** ReleaseRef manifestSize */
            manifestSize?: (number|null);

            /** ReleaseRef layoutDigest */
            layoutDigest?: (string|null);

            /** ReleaseRef layoutSize */
            layoutSize?: (number|null);

            /** ReleaseRef contentSize */
            contentSize?: (number|null);

            /** ReleaseRef fileCount */
            fileCount?: (number|null);

            /** ReleaseRef packSize */
            packSize?: (number|null);

            /** ReleaseRef deltas */
            deltas?: (capstan.v1.IDeltaRef[]|null);

            /** ReleaseRef assets */
            assets?: (capstan.v1.IAssetFolder[]|null);

            /** ReleaseRef database */
            database?: (capstan.v1.IDatabaseFact|null);

            /** ReleaseRef envelope */
            envelope?: (string|null);
        }

        /** Represents a ReleaseRef. */
        class ReleaseRef implements IReleaseRef {

            /**
             * Constructs a new ReleaseRef.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IReleaseRef);

            /** ReleaseRef version. */
            public version: string;

            /** ReleaseRef digest. */
            public digest: string;

            /** ReleaseRef manifestSize. */
            public manifestSize: number;

            /** ReleaseRef layoutDigest. */
            public layoutDigest: string;

            /** ReleaseRef layoutSize. */
            public layoutSize: number;

            /** ReleaseRef contentSize. */
            public contentSize: number;

            /** ReleaseRef fileCount. */
            public fileCount: number;

            /** ReleaseRef packSize. */
            public packSize: number;

            /** ReleaseRef deltas. */
            public deltas: capstan.v1.IDeltaRef[];

            /** ReleaseRef assets. */
            public assets: capstan.v1.IAssetFolder[];

            /** ReleaseRef database. */
            public database?: (capstan.v1.IDatabaseFact|null);

            /** ReleaseRef envelope. */
            public envelope: string;

            /**
             * Creates a new ReleaseRef instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ReleaseRef instance
             */
            public static create(properties?: capstan.v1.IReleaseRef): capstan.v1.ReleaseRef;

            /**
             * Encodes the specified ReleaseRef message. Does not implicitly {@link capstan.v1.ReleaseRef.verify|verify} messages.
             * @param message ReleaseRef message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IReleaseRef, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReleaseRef message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns ReleaseRef
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.ReleaseRef;
        }

        /** Properties of a DatabaseFact. */
        interface IDatabaseFact {

            /** DatabaseFact reversible */
            reversible?: (boolean|null);

            /** DatabaseFact timeoutMs */
            timeoutMs?: (number|null);
        }

        /** Represents a DatabaseFact. */
        class DatabaseFact implements IDatabaseFact {

            /**
             * Constructs a new DatabaseFact.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IDatabaseFact);

            /** DatabaseFact reversible. */
            public reversible: boolean;

            /** DatabaseFact timeoutMs. */
            public timeoutMs: number;

            /**
             * Creates a new DatabaseFact instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DatabaseFact instance
             */
            public static create(properties?: capstan.v1.IDatabaseFact): capstan.v1.DatabaseFact;

            /**
             * Encodes the specified DatabaseFact message. Does not implicitly {@link capstan.v1.DatabaseFact.verify|verify} messages.
             * @param message DatabaseFact message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IDatabaseFact, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DatabaseFact message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns DatabaseFact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.DatabaseFact;
        }

        /** Properties of an AssetFolder. */
        interface IAssetFolder {

            /** AssetFolder dir */
            dir?: (string|null);

            /** AssetFolder digest */
            digest?: (string|null);
        }

        /** Represents an AssetFolder. */
        class AssetFolder implements IAssetFolder {

            /**
             * Constructs a new AssetFolder.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IAssetFolder);

            /** AssetFolder dir. */
            public dir: string;

            /** AssetFolder digest. */
            public digest: string;

            /**
             * Creates a new AssetFolder instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AssetFolder instance
             */
            public static create(properties?: capstan.v1.IAssetFolder): capstan.v1.AssetFolder;

            /**
             * Encodes the specified AssetFolder message. Does not implicitly {@link capstan.v1.AssetFolder.verify|verify} messages.
             * @param message AssetFolder message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IAssetFolder, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssetFolder message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns AssetFolder
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.AssetFolder;
        }

        /** Properties of a DeltaRef. */
        interface IDeltaRef {

            /** DeltaRef from */
            from?: (string|null);

            /** DeltaRef digest */
            digest?: (string|null);

            /** DeltaRef size */
            size?: (number|null);

            /** DeltaRef rawSize */
            rawSize?: (number|null);

            /** DeltaRef patchDigest */
            patchDigest?: (string|null);

            /** DeltaRef patchSize */
            patchSize?: (number|null);
        }

        /** Represents a DeltaRef. */
        class DeltaRef implements IDeltaRef {

            /**
             * Constructs a new DeltaRef.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IDeltaRef);

            /** DeltaRef from. */
            public from: string;

            /** DeltaRef digest. */
            public digest: string;

            /** DeltaRef size. */
            public size: number;

            /** DeltaRef rawSize. */
            public rawSize: number;

            /** DeltaRef patchDigest. */
            public patchDigest: string;

            /** DeltaRef patchSize. */
            public patchSize: number;

            /**
             * Creates a new DeltaRef instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeltaRef instance
             */
            public static create(properties?: capstan.v1.IDeltaRef): capstan.v1.DeltaRef;

            /**
             * Encodes the specified DeltaRef message. Does not implicitly {@link capstan.v1.DeltaRef.verify|verify} messages.
             * @param message DeltaRef message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IDeltaRef, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeltaRef message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns DeltaRef
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.DeltaRef;
        }

        /** Properties of a ReleaseId. */
        interface IReleaseId {

            /** ReleaseId version */
            version?: (string|null);

            /** ReleaseId digest */
            digest?: (string|null);
        }

        /** Represents a ReleaseId. */
        class ReleaseId implements IReleaseId {

            /**
             * Constructs a new ReleaseId.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IReleaseId);

            /** ReleaseId version. */
            public version: string;

            /** ReleaseId digest. */
            public digest: string;

            /**
             * Creates a new ReleaseId instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ReleaseId instance
             */
            public static create(properties?: capstan.v1.IReleaseId): capstan.v1.ReleaseId;

            /**
             * Encodes the specified ReleaseId message. Does not implicitly {@link capstan.v1.ReleaseId.verify|verify} messages.
             * @param message ReleaseId message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IReleaseId, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReleaseId message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns ReleaseId
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.ReleaseId;
        }

        /** Intent enum. */
        enum Intent {
            INTENT_UNSPECIFIED = 0,
            INTENT_STAGE = 1,
            INTENT_ACTIVATE = 2,
            INTENT_REMOVE = 3
        }

        /** Properties of an Assignment. */
        interface IAssignment {

            /** Assignment app */
            app?: (string|null);

            /** Assignment env */
            env?: (string|null);

            /** Assignment generation */
            generation?: (number|null);

            /** Assignment intent */
            intent?: (capstan.v1.Intent|null);

            /** Assignment release */
            release?: (capstan.v1.IReleaseRef|null);

            /** Assignment config */
            config?: ({ [k: string]: string }|null);

            /** Assignment configRevision */
            configRevision?: (string|null);

            /** Assignment activation */
            activation?: (capstan.v1.IActivationPolicy|null);

            /** Assignment rollout */
            rollout?: (string|null);

            /** Assignment stores */
            stores?: (string[]|null);

            /** Assignment fetchBytesPerSecond */
            fetchBytesPerSecond?: (number|null);

            /** Assignment database */
            database?: (boolean|null);

            /** Assignment standby */
            standby?: (boolean|null);
        }

        /** Represents an Assignment. */
        class Assignment implements IAssignment {

            /**
             * Constructs a new Assignment.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IAssignment);

            /** Assignment app. */
            public app: string;

            /** Assignment env. */
            public env: string;

            /** Assignment generation. */
            public generation: number;

            /** Assignment intent. */
            public intent: capstan.v1.Intent;

            /** Assignment release. */
            public release?: (capstan.v1.IReleaseRef|null);

            /** Assignment config. */
            public config: { [k: string]: string };

            /** Assignment configRevision. */
            public configRevision: string;

            /** Assignment activation. */
            public activation?: (capstan.v1.IActivationPolicy|null);

            /** Assignment rollout. */
            public rollout: string;

            /** Assignment stores. */
            public stores: string[];

            /** Assignment fetchBytesPerSecond. */
            public fetchBytesPerSecond: number;

            /** Assignment database. */
            public database: boolean;

            /** Assignment standby. */
            public standby: boolean;

            /**
             * Creates a new Assignment instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Assignment instance
             */
            public static create(properties?: capstan.v1.IAssignment): capstan.v1.Assignment;

            /**
             * Encodes the specified Assignment message. Does not implicitly {@link capstan.v1.Assignment.verify|verify} messages.
             * @param message Assignment message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IAssignment, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Assignment message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns Assignment
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.Assignment;
        }

        /** Properties of an ActivationPolicy. */
        interface IActivationPolicy {

            /** ActivationPolicy drain */
            drain?: (boolean|null);

            /** ActivationPolicy restart */
            restart?: (boolean|null);

            /** ActivationPolicy minHealthyTimeMs */
            minHealthyTimeMs?: (number|null);

            /** ActivationPolicy healthDeadlineMs */
            healthDeadlineMs?: (number|null);
        }

        /** Represents an ActivationPolicy. */
        class ActivationPolicy implements IActivationPolicy {

            /**
             * Constructs a new ActivationPolicy.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IActivationPolicy);

            /** ActivationPolicy drain. */
            public drain: boolean;

            /** ActivationPolicy restart. */
            public restart: boolean;

            /** ActivationPolicy minHealthyTimeMs. */
            public minHealthyTimeMs: number;

            /** ActivationPolicy healthDeadlineMs. */
            public healthDeadlineMs: number;

            /**
             * Creates a new ActivationPolicy instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ActivationPolicy instance
             */
            public static create(properties?: capstan.v1.IActivationPolicy): capstan.v1.ActivationPolicy;

            /**
             * Encodes the specified ActivationPolicy message. Does not implicitly {@link capstan.v1.ActivationPolicy.verify|verify} messages.
             * @param message ActivationPolicy message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IActivationPolicy, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ActivationPolicy message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns ActivationPolicy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.ActivationPolicy;
        }

        /** Properties of a DesiredState. */
        interface IDesiredState {

            /** DesiredState revision */
            revision?: (number|null);

            /** DesiredState assignments */
            assignments?: (capstan.v1.IAssignment[]|null);

            /** DesiredState stores */
            stores?: (string[]|null);

            /** DesiredState epoch */
            epoch?: (number|null);

            /** DesiredState restoreId */
            restoreId?: (string|null);
        }

        /** Represents a DesiredState. */
        class DesiredState implements IDesiredState {

            /**
             * Constructs a new DesiredState.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IDesiredState);

            /** DesiredState revision. */
            public revision: number;

            /** DesiredState assignments. */
            public assignments: capstan.v1.IAssignment[];

            /** DesiredState stores. */
            public stores: string[];

            /** DesiredState epoch. */
            public epoch: number;

            /** DesiredState restoreId. */
            public restoreId: string;

            /**
             * Creates a new DesiredState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DesiredState instance
             */
            public static create(properties?: capstan.v1.IDesiredState): capstan.v1.DesiredState;

            /**
             * Encodes the specified DesiredState message. Does not implicitly {@link capstan.v1.DesiredState.verify|verify} messages.
             * @param message DesiredState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IDesiredState, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DesiredState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns DesiredState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.DesiredState;
        }

        /** NodePhase enum. */
        enum NodePhase {
            NODE_PHASE_IDLE = 0,
            NODE_PHASE_STAGING = 1,
            NODE_PHASE_STAGED = 2,
            NODE_PHASE_DRAINING = 3,
            NODE_PHASE_STOPPING = 4,
            NODE_PHASE_SWITCHING = 5,
            NODE_PHASE_STARTING = 6,
            NODE_PHASE_CHECKING = 7,
            NODE_PHASE_HEALTHY = 8,
            NODE_PHASE_FAILED = 9,
            NODE_PHASE_TURNED_BACK = 10,
            NODE_PHASE_INCONSISTENT = 11,
            NODE_PHASE_REMOVED = 12
        }

        /** Health enum. */
        enum Health {
            HEALTH_UNKNOWN = 0,
            HEALTH_HEALTHY = 1,
            HEALTH_UNHEALTHY = 2
        }

        /** Properties of a StepFailure. */
        interface IStepFailure {

            /** StepFailure step */
            step?: (string|null);

            /** StepFailure reason */
            reason?: (string|null);

            /** StepFailure logTail */
            logTail?: (string|null);
        }

        /** Represents a StepFailure. */
        class StepFailure implements IStepFailure {

            /**
             * Constructs a new StepFailure.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IStepFailure);

            /** StepFailure step. */
            public step: string;

            /** StepFailure reason. */
            public reason: string;

            /** StepFailure logTail. */
            public logTail: string;

            /**
             * Creates a new StepFailure instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StepFailure instance
             */
            public static create(properties?: capstan.v1.IStepFailure): capstan.v1.StepFailure;

            /**
             * Encodes the specified StepFailure message. Does not implicitly {@link capstan.v1.StepFailure.verify|verify} messages.
             * @param message StepFailure message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IStepFailure, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StepFailure message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns StepFailure
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.StepFailure;
        }

        /** Properties of an AppStatus. */
        interface IAppStatus {

            /** AppStatus app */
            app?: (string|null);

            /** AppStatus generation */
            generation?: (number|null);

            /** AppStatus phase */
            phase?: (capstan.v1.NodePhase|null);

            /** AppStatus health */
            health?: (capstan.v1.Health|null);

            /** AppStatus ready */
            ready?: (boolean|null);

            /** AppStatus current */
            current?: (capstan.v1.IReleaseId|null);

            /** AppStatus previous */
            previous?: (capstan.v1.IReleaseId|null);

            /** AppStatus staged */
            staged?: (string[]|null);

            /** AppStatus failure */
            failure?: (capstan.v1.IStepFailure|null);

            /** AppStatus note */
            note?: (string|null);

            /** AppStatus bytesDone */
            bytesDone?: (number|null);

            /** AppStatus bytesTotal */
            bytesTotal?: (number|null);

            /** AppStatus fetchedFrom */
            fetchedFrom?: (capstan.v1.IFetchedFrom[]|null);

            /** AppStatus drift */
            drift?: (capstan.v1.IDrift|null);

            /** AppStatus pastReturn */
            pastReturn?: (boolean|null);

            /** AppStatus restarts */
            restarts?: (number|null);

            /** AppStatus standby */
            standby?: (boolean|null);
        }

        /** Represents an AppStatus. */
        class AppStatus implements IAppStatus {

            /**
             * Constructs a new AppStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IAppStatus);

            /** AppStatus app. */
            public app: string;

            /** AppStatus generation. */
            public generation: number;

            /** AppStatus phase. */
            public phase: capstan.v1.NodePhase;

            /** AppStatus health. */
            public health: capstan.v1.Health;

            /** AppStatus ready. */
            public ready: boolean;

            /** AppStatus current. */
            public current?: (capstan.v1.IReleaseId|null);

            /** AppStatus previous. */
            public previous?: (capstan.v1.IReleaseId|null);

            /** AppStatus staged. */
            public staged: string[];

            /** AppStatus failure. */
            public failure?: (capstan.v1.IStepFailure|null);

            /** AppStatus note. */
            public note: string;

            /** AppStatus bytesDone. */
            public bytesDone: number;

            /** AppStatus bytesTotal. */
            public bytesTotal: number;

            /** AppStatus fetchedFrom. */
            public fetchedFrom: capstan.v1.IFetchedFrom[];

            /** AppStatus drift. */
            public drift?: (capstan.v1.IDrift|null);

            /** AppStatus pastReturn. */
            public pastReturn: boolean;

            /** AppStatus restarts. */
            public restarts: number;

            /** AppStatus standby. */
            public standby: boolean;

            /**
             * Creates a new AppStatus instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AppStatus instance
             */
            public static create(properties?: capstan.v1.IAppStatus): capstan.v1.AppStatus;

            /**
             * Encodes the specified AppStatus message. Does not implicitly {@link capstan.v1.AppStatus.verify|verify} messages.
             * @param message AppStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IAppStatus, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AppStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns AppStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.AppStatus;
        }

        /** Properties of a Drift. */
        interface IDrift {

            /** Drift total */
            total?: (number|null);

            /** Drift paths */
            paths?: (capstan.v1.IDriftedPath[]|null);
        }

        /** Represents a Drift. */
        class Drift implements IDrift {

            /**
             * Constructs a new Drift.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IDrift);

            /** Drift total. */
            public total: number;

            /** Drift paths. */
            public paths: capstan.v1.IDriftedPath[];

            /**
             * Creates a new Drift instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Drift instance
             */
            public static create(properties?: capstan.v1.IDrift): capstan.v1.Drift;

            /**
             * Encodes the specified Drift message. Does not implicitly {@link capstan.v1.Drift.verify|verify} messages.
             * @param message Drift message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IDrift, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Drift message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns Drift
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.Drift;
        }

        /** Properties of a DriftedPath. */
        interface IDriftedPath {

            /** DriftedPath path */
            path?: (string|null);

            /** DriftedPath kind */
            kind?: (string|null);
        }

        /** Represents a DriftedPath. */
        class DriftedPath implements IDriftedPath {

            /**
             * Constructs a new DriftedPath.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IDriftedPath);

            /** DriftedPath path. */
            public path: string;

            /** DriftedPath kind. */
            public kind: string;

            /**
             * Creates a new DriftedPath instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DriftedPath instance
             */
            public static create(properties?: capstan.v1.IDriftedPath): capstan.v1.DriftedPath;

            /**
             * Encodes the specified DriftedPath message. Does not implicitly {@link capstan.v1.DriftedPath.verify|verify} messages.
             * @param message DriftedPath message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IDriftedPath, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DriftedPath message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns DriftedPath
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.DriftedPath;
        }

        /** Properties of a FetchedFrom. */
        interface IFetchedFrom {

            /** FetchedFrom source */
            source?: (string|null);

            /** FetchedFrom bytes */
            bytes?: (number|null);
        }

        /** Represents a FetchedFrom. */
        class FetchedFrom implements IFetchedFrom {

            /**
             * Constructs a new FetchedFrom.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IFetchedFrom);

            /** FetchedFrom source. */
            public source: string;

            /** FetchedFrom bytes. */
            public bytes: number;

            /**
             * Creates a new FetchedFrom instance using the specified properties.
             * @param [properties] Properties to set
             * @returns FetchedFrom instance
             */
            public static create(properties?: capstan.v1.IFetchedFrom): capstan.v1.FetchedFrom;

            /**
             * Encodes the specified FetchedFrom message. Does not implicitly {@link capstan.v1.FetchedFrom.verify|verify} messages.
             * @param message FetchedFrom message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IFetchedFrom, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FetchedFrom message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns FetchedFrom
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.FetchedFrom;
        }

        /** Properties of a HostFacts. */
        interface IHostFacts {

            /** HostFacts os */
            os?: (string|null);

            /** HostFacts kernel */
            kernel?: (string|null);

            /** HostFacts arch */
            arch?: (string|null);

            /** HostFacts hostname */
            hostname?: (string|null);

            /** HostFacts cpus */
            cpus?: (number|null);

            /** HostFacts memoryTotal */
            memoryTotal?: (number|null);

            /** HostFacts memoryAvailable */
            memoryAvailable?: (number|null);

            /** HostFacts diskTotal */
            diskTotal?: (number|null);

            /** HostFacts diskFree */
            diskFree?: (number|null);

            /** HostFacts load1 */
            load1?: (number|null);

            /** HostFacts uptimeSeconds */
            uptimeSeconds?: (number|null);

            /** HostFacts nodeVersion */
            nodeVersion?: (string|null);

            /** HostFacts pressure */
            pressure?: (capstan.v1.IPressure|null);
        }

        /** Represents a HostFacts. */
        class HostFacts implements IHostFacts {

            /**
             * Constructs a new HostFacts.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IHostFacts);

            /** HostFacts os. */
            public os: string;

            /** HostFacts kernel. */
            public kernel: string;

            /** HostFacts arch. */
            public arch: string;

            /** HostFacts hostname. */
            public hostname: string;

            /** HostFacts cpus. */
            public cpus: number;

            /** HostFacts memoryTotal. */
            public memoryTotal: number;

            /** HostFacts memoryAvailable. */
            public memoryAvailable: number;

            /** HostFacts diskTotal. */
            public diskTotal: number;

            /** HostFacts diskFree. */
            public diskFree: number;

            /** HostFacts load1. */
            public load1: number;

            /** HostFacts uptimeSeconds. */
            public uptimeSeconds: number;

            /** HostFacts nodeVersion. */
            public nodeVersion: string;

            /** HostFacts pressure. */
            public pressure?: (capstan.v1.IPressure|null);

            /**
             * Creates a new HostFacts instance using the specified properties.
             * @param [properties] Properties to set
             * @returns HostFacts instance
             */
            public static create(properties?: capstan.v1.IHostFacts): capstan.v1.HostFacts;

            /**
             * Encodes the specified HostFacts message. Does not implicitly {@link capstan.v1.HostFacts.verify|verify} messages.
             * @param message HostFacts message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IHostFacts, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostFacts message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns HostFacts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.HostFacts;
        }

        /** Properties of a Pressure. */
        interface IPressure {

            /** Pressure cpu */
            cpu?: (number|null);

            /** Pressure memory */
            memory?: (number|null);

            /** Pressure io */
            io?: (number|null);
        }

        /** Represents a Pressure. */
        class Pressure implements IPressure {

            /**
             * Constructs a new Pressure.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IPressure);

            /** Pressure cpu. */
            public cpu: number;

            /** Pressure memory. */
            public memory: number;

            /** Pressure io. */
            public io: number;

            /**
             * Creates a new Pressure instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Pressure instance
             */
            public static create(properties?: capstan.v1.IPressure): capstan.v1.Pressure;

            /**
             * Encodes the specified Pressure message. Does not implicitly {@link capstan.v1.Pressure.verify|verify} messages.
             * @param message Pressure message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IPressure, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Pressure message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns Pressure
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.Pressure;
        }

        /** Properties of a NodeStatus. */
        interface INodeStatus {

            /** NodeStatus apps */
            apps?: (capstan.v1.IAppStatus[]|null);

            /** NodeStatus facts */
            facts?: (capstan.v1.IHostFacts|null);

            /** NodeStatus agentVersion */
            agentVersion?: (string|null);

            /** NodeStatus allowUnsigned */
            allowUnsigned?: (boolean|null);

            /** NodeStatus trustedKeys */
            trustedKeys?: (string[]|null);
        }

        /** Represents a NodeStatus. */
        class NodeStatus implements INodeStatus {

            /**
             * Constructs a new NodeStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.INodeStatus);

            /** NodeStatus apps. */
            public apps: capstan.v1.IAppStatus[];

            /** NodeStatus facts. */
            public facts?: (capstan.v1.IHostFacts|null);

            /** NodeStatus agentVersion. */
            public agentVersion: string;

            /** NodeStatus allowUnsigned. */
            public allowUnsigned: boolean;

            /** NodeStatus trustedKeys. */
            public trustedKeys: string[];

            /**
             * Creates a new NodeStatus instance using the specified properties.
             * @param [properties] Properties to set
             * @returns NodeStatus instance
             */
            public static create(properties?: capstan.v1.INodeStatus): capstan.v1.NodeStatus;

            /**
             * Encodes the specified NodeStatus message. Does not implicitly {@link capstan.v1.NodeStatus.verify|verify} messages.
             * @param message NodeStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.INodeStatus, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodeStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns NodeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.NodeStatus;
        }

        /** Properties of a Serving. */
        interface IServing {

            /** Serving url */
            url?: (string|null);

            /** Serving slots */
            slots?: (number|null);

            /** Serving packs */
            packs?: (string[]|null);
        }

        /** Represents a Serving. */
        class Serving implements IServing {

            /**
             * Constructs a new Serving.
             * @param [properties] Properties to set
             */
            constructor(properties?: capstan.v1.IServing);

            /** Serving url. */
            public url: string;

            /** Serving slots. */
            public slots: number;

            /** Serving packs. */
            public packs: string[];

            /**
             * Creates a new Serving instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Serving instance
             */
            public static create(properties?: capstan.v1.IServing): capstan.v1.Serving;

            /**
             * Encodes the specified Serving message. Does not implicitly {@link capstan.v1.Serving.verify|verify} messages.
             * @param message Serving message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            public static encode(message: capstan.v1.IServing, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Serving message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns Serving
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            public static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): capstan.v1.Serving;
        }
    }
}
