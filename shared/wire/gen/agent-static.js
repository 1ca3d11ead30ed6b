/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const capstan = $root.capstan = (() => {

    /**
     * Namespace capstan.
     * @exports capstan
     * @namespace
     */
    const capstan = {};

    capstan.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof capstan
         * @namespace
         */
        const v1 = {};

        v1.EnrolRequest = (function() {

            /**
             * Properties of an EnrolRequest.
             * @memberof capstan.v1
             * @interface IEnrolRequest
             * @property {string|null} [token] EnrolRequest token
             * @property {string|null} [name] EnrolRequest name
             * @property {Uint8Array|null} [request] EnrolRequest request
             */

            /**
             * Constructs a new EnrolRequest.
             * @memberof capstan.v1
             * @classdesc Represents an EnrolRequest.
             * @implements IEnrolRequest
             * @constructor
             * @param {capstan.v1.IEnrolRequest=} [properties] Properties to set
             */
            function EnrolRequest(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * EnrolRequest token.
             * @member {string} token
             * @memberof capstan.v1.EnrolRequest
             * @instance
             */
            EnrolRequest.prototype.token = "";

            /**
             * EnrolRequest name.
             * @member {string} name
             * @memberof capstan.v1.EnrolRequest
             * @instance
             */
            EnrolRequest.prototype.name = "";

            /**
             * EnrolRequest request.
             * @member {Uint8Array} request
             * @memberof capstan.v1.EnrolRequest
             * @instance
             */
            EnrolRequest.prototype.request = $util.newBuffer([]);

            /**
             * Creates a new EnrolRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.EnrolRequest
             * @static
             * @param {capstan.v1.IEnrolRequest=} [properties] Properties to set
             * @returns {capstan.v1.EnrolRequest} EnrolRequest instance
             */
            EnrolRequest.create = function create(properties) {
                return new EnrolRequest(properties);
            };

            /**
             * Encodes the specified EnrolRequest message. Does not implicitly {@link capstan.v1.EnrolRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.EnrolRequest
             * @static
             * @param {capstan.v1.IEnrolRequest} message EnrolRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EnrolRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.token != null && Object.hasOwnProperty.call(message, "token"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.token);
                if (message.name != null && Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.request != null && Object.hasOwnProperty.call(message, "request"))
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.request);
                return writer;
            };

            /**
             * Decodes an EnrolRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.EnrolRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.EnrolRequest} EnrolRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EnrolRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.EnrolRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.token = reader.string();
                            break;
                        }
                    case 2: {
                            message.name = reader.string();
                            break;
                        }
                    case 3: {
                            message.request = reader.bytes();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return EnrolRequest;
        })();

        v1.RenewCertificateRequest = (function() {

            /**
             * Properties of a RenewCertificateRequest.
             * @memberof capstan.v1
             * @interface IRenewCertificateRequest
             * @property {Uint8Array|null} [request] RenewCertificateRequest request
             */

            /**
             * Constructs a new RenewCertificateRequest.
             * @memberof capstan.v1
             * @classdesc Represents a RenewCertificateRequest.
             * @implements IRenewCertificateRequest
             * @constructor
             * @param {capstan.v1.IRenewCertificateRequest=} [properties] Properties to set
             */
            function RenewCertificateRequest(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * RenewCertificateRequest request.
             * @member {Uint8Array} request
             * @memberof capstan.v1.RenewCertificateRequest
             * @instance
             */
            RenewCertificateRequest.prototype.request = $util.newBuffer([]);

            /**
             * Creates a new RenewCertificateRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.RenewCertificateRequest
             * @static
             * @param {capstan.v1.IRenewCertificateRequest=} [properties] Properties to set
             * @returns {capstan.v1.RenewCertificateRequest} RenewCertificateRequest instance
             */
            RenewCertificateRequest.create = function create(properties) {
                return new RenewCertificateRequest(properties);
            };

            /**
             * Encodes the specified RenewCertificateRequest message. Does not implicitly {@link capstan.v1.RenewCertificateRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.RenewCertificateRequest
             * @static
             * @param {capstan.v1.IRenewCertificateRequest} message RenewCertificateRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RenewCertificateRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.request != null && Object.hasOwnProperty.call(message, "request"))
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.request);
                return writer;
            };

            /**
             * Decodes a RenewCertificateRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.RenewCertificateRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.RenewCertificateRequest} RenewCertificateRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RenewCertificateRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.RenewCertificateRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.request = reader.bytes();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return RenewCertificateRequest;
        })();

        v1.CertificateResponse = (function() {

            /**
             * Properties of a CertificateResponse.
             * @memberof capstan.v1
             * @interface ICertificateResponse
             * @property {Uint8Array|null} [certificate] CertificateResponse certificate
             * @property {number|null} [agentPort] CertificateResponse agentPort
             * @property {number|null} [nowMs] CertificateResponse nowMs
             */

            /**
             * Constructs a new CertificateResponse.
             * @memberof capstan.v1
             * @classdesc Represents a CertificateResponse.
             * @implements ICertificateResponse
             * @constructor
             * @param {capstan.v1.ICertificateResponse=} [properties] Properties to set
             */
            function CertificateResponse(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * CertificateResponse certificate.
             * @member {Uint8Array} certificate
             * @memberof capstan.v1.CertificateResponse
             * @instance
             */
            CertificateResponse.prototype.certificate = $util.newBuffer([]);

            /**
             * CertificateResponse agentPort.
             * @member {number} agentPort
             * @memberof capstan.v1.CertificateResponse
             * @instance
             */
            CertificateResponse.prototype.agentPort = 0;

            /**
             * CertificateResponse nowMs.
             * @member {number} nowMs
             * @memberof capstan.v1.CertificateResponse
             * @instance
             */
            CertificateResponse.prototype.nowMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new CertificateResponse instance using the specified properties.
             * @function create
             * @memberof capstan.v1.CertificateResponse
             * @static
             * @param {capstan.v1.ICertificateResponse=} [properties] Properties to set
             * @returns {capstan.v1.CertificateResponse} CertificateResponse instance
             */
            CertificateResponse.create = function create(properties) {
                return new CertificateResponse(properties);
            };

            /**
             * Encodes the specified CertificateResponse message. Does not implicitly {@link capstan.v1.CertificateResponse.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.CertificateResponse
             * @static
             * @param {capstan.v1.ICertificateResponse} message CertificateResponse message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            CertificateResponse.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.certificate != null && Object.hasOwnProperty.call(message, "certificate"))
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.certificate);
                if (message.agentPort != null && Object.hasOwnProperty.call(message, "agentPort"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.agentPort);
                if (message.nowMs != null && Object.hasOwnProperty.call(message, "nowMs"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.nowMs);
                return writer;
            };

            /**
             * Decodes a CertificateResponse message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.CertificateResponse
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.CertificateResponse} CertificateResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            CertificateResponse.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.CertificateResponse();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.certificate = reader.bytes();
                            break;
                        }
                    case 2: {
                            message.agentPort = reader.uint32();
                            break;
                        }
                    case 3: {
                            message.nowMs = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return CertificateResponse;
        })();

        v1.PollRequest = (function() {

            /**
             * Properties of a PollRequest.
             * @memberof capstan.v1
             * @interface IPollRequest
             * @property {number|null} [revisionSeen] PollRequest revisionSeen
             * @property {string|null} [instance] PollRequest instance
             * @property {string|null} [session] PollRequest session
             * @property {number|null} [reportSequence] PollRequest reportSequence
             * @property {number|null} [epochSeen] PollRequest epochSeen
             * @property {string|null} [restoreSeen] PollRequest restoreSeen
             */

            /**
             * Constructs a new PollRequest.
             * @memberof capstan.v1
             * @classdesc Represents a PollRequest.
             * @implements IPollRequest
             * @constructor
             * @param {capstan.v1.IPollRequest=} [properties] Properties to set
             */
            function PollRequest(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * PollRequest revisionSeen.
             * @member {number} revisionSeen
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.revisionSeen = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * PollRequest instance.
             * @member {string} instance
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.instance = "";

            /**
             * PollRequest session.
             * @member {string} session
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.session = "";

            /**
             * PollRequest reportSequence.
             * @member {number} reportSequence
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.reportSequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * PollRequest epochSeen.
             * @member {number|null|undefined} epochSeen
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.epochSeen = null;

            /**
             * PollRequest restoreSeen.
             * @member {string|null|undefined} restoreSeen
             * @memberof capstan.v1.PollRequest
             * @instance
             */
            PollRequest.prototype.restoreSeen = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            Object.defineProperty(PollRequest.prototype, "_epochSeen", {
                get: $util.oneOfGetter($oneOfFields = ["epochSeen"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            Object.defineProperty(PollRequest.prototype, "_restoreSeen", {
                get: $util.oneOfGetter($oneOfFields = ["restoreSeen"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new PollRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.PollRequest
             * @static
             * @param {capstan.v1.IPollRequest=} [properties] Properties to set
             * @returns {capstan.v1.PollRequest} PollRequest instance
             */
            PollRequest.create = function create(properties) {
                return new PollRequest(properties);
            };

            /**
             * Encodes the specified PollRequest message. Does not implicitly {@link capstan.v1.PollRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.PollRequest
             * @static
             * @param {capstan.v1.IPollRequest} message PollRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PollRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.revisionSeen != null && Object.hasOwnProperty.call(message, "revisionSeen"))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.revisionSeen);
                if (message.instance != null && Object.hasOwnProperty.call(message, "instance"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.instance);
                if (message.session != null && Object.hasOwnProperty.call(message, "session"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.session);
                if (message.reportSequence != null && Object.hasOwnProperty.call(message, "reportSequence"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.reportSequence);
                if (message.epochSeen != null && Object.hasOwnProperty.call(message, "epochSeen"))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.epochSeen);
                if (message.restoreSeen != null && Object.hasOwnProperty.call(message, "restoreSeen"))
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.restoreSeen);
                return writer;
            };

            /**
             * Decodes a PollRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.PollRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.PollRequest} PollRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PollRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.PollRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.revisionSeen = reader.uint64();
                            break;
                        }
                    case 2: {
                            message.instance = reader.string();
                            break;
                        }
                    case 3: {
                            message.session = reader.string();
                            break;
                        }
                    case 4: {
                            message.reportSequence = reader.uint64();
                            break;
                        }
                    case 5: {
                            message.epochSeen = reader.uint64();
                            break;
                        }
                    case 6: {
                            message.restoreSeen = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return PollRequest;
        })();

        v1.PollResponse = (function() {

            /**
             * Properties of a PollResponse.
             * @memberof capstan.v1
             * @interface IPollResponse
             * @property {capstan.v1.IDesiredState|null} [desired] PollResponse desired
             * @property {number|null} [retryAfterMs] PollResponse retryAfterMs
             * @property {boolean|null} [reportWanted] PollResponse reportWanted
             * @property {Array.<capstan.v1.ILogRequest>|null} [logs] PollResponse logs
             */

            /**
             * Constructs a new PollResponse.
             * @memberof capstan.v1
             * @classdesc Represents a PollResponse.
             * @implements IPollResponse
             * @constructor
             * @param {capstan.v1.IPollResponse=} [properties] Properties to set
             */
            function PollResponse(properties) {
                this.logs = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * PollResponse desired.
             * @member {capstan.v1.IDesiredState|null|undefined} desired
             * @memberof capstan.v1.PollResponse
             * @instance
             */
            PollResponse.prototype.desired = null;

            /**
             * PollResponse retryAfterMs.
             * @member {number} retryAfterMs
             * @memberof capstan.v1.PollResponse
             * @instance
             */
            PollResponse.prototype.retryAfterMs = 0;

            /**
             * PollResponse reportWanted.
             * @member {boolean} reportWanted
             * @memberof capstan.v1.PollResponse
             * @instance
             */
            PollResponse.prototype.reportWanted = false;

            /**
             * PollResponse logs.
             * @member {Array.<capstan.v1.ILogRequest>} logs
             * @memberof capstan.v1.PollResponse
             * @instance
             */
            PollResponse.prototype.logs = $util.emptyArray;

            /**
             * Creates a new PollResponse instance using the specified properties.
             * @function create
             * @memberof capstan.v1.PollResponse
             * @static
             * @param {capstan.v1.IPollResponse=} [properties] Properties to set
             * @returns {capstan.v1.PollResponse} PollResponse instance
             */
            PollResponse.create = function create(properties) {
                return new PollResponse(properties);
            };

            /**
             * Encodes the specified PollResponse message. Does not implicitly {@link capstan.v1.PollResponse.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.PollResponse
             * @static
             * @param {capstan.v1.IPollResponse} message PollResponse message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PollResponse.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.desired != null && Object.hasOwnProperty.call(message, "desired"))
                    $root.capstan.v1.DesiredState.encode(message.desired, writer.uint32(/* id 1, wireType 2 =*/10).fork(), q + 1).ldelim();
                if (message.retryAfterMs != null && Object.hasOwnProperty.call(message, "retryAfterMs"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.retryAfterMs);
                if (message.reportWanted != null && Object.hasOwnProperty.call(message, "reportWanted"))
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.reportWanted);
                if (message.logs != null && message.logs.length)
                    for (let i = 0; i < message.logs.length; ++i)
                        $root.capstan.v1.LogRequest.encode(message.logs[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), q + 1).ldelim();
                return writer;
            };

            /**
             * Decodes a PollResponse message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.PollResponse
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.PollResponse} PollResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PollResponse.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.PollResponse();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.desired = $root.capstan.v1.DesiredState.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 2: {
                            message.retryAfterMs = reader.uint32();
                            break;
                        }
                    case 3: {
                            message.reportWanted = reader.bool();
                            break;
                        }
                    case 4: {
                            if (!(message.logs && message.logs.length))
                                message.logs = [];
                            message.logs.push($root.capstan.v1.LogRequest.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return PollResponse;
        })();

        v1.LogRequest = (function() {

            /**
             * Properties of a LogRequest.
             * @memberof capstan.v1
             * @interface ILogRequest
             * @property {string|null} [id] LogRequest id
             * @property {string|null} [app] LogRequest app
             * @property {number|null} [maxBytes] LogRequest maxBytes
             */

            /**
             * Constructs a new LogRequest.
             * @memberof capstan.v1
             * @classdesc Represents a LogRequest.
             * @implements ILogRequest
             * @constructor
             * @param {capstan.v1.ILogRequest=} [properties] Properties to set
             */
            function LogRequest(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * LogRequest id.
             * @member {string} id
             * @memberof capstan.v1.LogRequest
             * @instance
             */
            LogRequest.prototype.id = "";

            /**
             * LogRequest app.
             * @member {string} app
             * @memberof capstan.v1.LogRequest
             * @instance
             */
            LogRequest.prototype.app = "";

            /**
             * LogRequest maxBytes.
             * @member {number} maxBytes
             * @memberof capstan.v1.LogRequest
             * @instance
             */
            LogRequest.prototype.maxBytes = 0;

            /**
             * Creates a new LogRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.LogRequest
             * @static
             * @param {capstan.v1.ILogRequest=} [properties] Properties to set
             * @returns {capstan.v1.LogRequest} LogRequest instance
             */
            LogRequest.create = function create(properties) {
                return new LogRequest(properties);
            };

            /**
             * Encodes the specified LogRequest message. Does not implicitly {@link capstan.v1.LogRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.LogRequest
             * @static
             * @param {capstan.v1.ILogRequest} message LogRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LogRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.id != null && Object.hasOwnProperty.call(message, "id"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.app != null && Object.hasOwnProperty.call(message, "app"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.app);
                if (message.maxBytes != null && Object.hasOwnProperty.call(message, "maxBytes"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.maxBytes);
                return writer;
            };

            /**
             * Decodes a LogRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.LogRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.LogRequest} LogRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LogRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.LogRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.id = reader.string();
                            break;
                        }
                    case 2: {
                            message.app = reader.string();
                            break;
                        }
                    case 3: {
                            message.maxBytes = reader.uint32();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return LogRequest;
        })();

        v1.ReportRequest = (function() {

            /**
             * Properties of a ReportRequest.
             * @memberof capstan.v1
             * @interface IReportRequest
             * @property {string|null} [session] ReportRequest session
             * @property {number|null} [sequence] ReportRequest sequence
             * @property {capstan.v1.INodeStatus|null} [status] ReportRequest status
             * @property {Array.<capstan.v1.ILogAnswer>|null} [logs] ReportRequest logs
             * @property {capstan.v1.IServing|null} [serving] ReportRequest serving
             */

            /**
             * Constructs a new ReportRequest.
             * @memberof capstan.v1
             * @classdesc Represents a ReportRequest.
             * @implements IReportRequest
             * @constructor
             * @param {capstan.v1.IReportRequest=} [properties] Properties to set
             */
            function ReportRequest(properties) {
                this.logs = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * ReportRequest session.
             * @member {string} session
             * @memberof capstan.v1.ReportRequest
             * @instance
             */
            ReportRequest.prototype.session = "";

            /**
             * ReportRequest sequence.
             * @member {number} sequence
             * @memberof capstan.v1.ReportRequest
             * @instance
             */
            ReportRequest.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReportRequest status.
             * @member {capstan.v1.INodeStatus|null|undefined} status
             * @memberof capstan.v1.ReportRequest
             * @instance
             */
            ReportRequest.prototype.status = null;

            /**
             * ReportRequest logs.
             * @member {Array.<capstan.v1.ILogAnswer>} logs
             * @memberof capstan.v1.ReportRequest
             * @instance
             */
            ReportRequest.prototype.logs = $util.emptyArray;

            /**
             * ReportRequest serving.
             * @member {capstan.v1.IServing|null|undefined} serving
             * @memberof capstan.v1.ReportRequest
             * @instance
             */
            ReportRequest.prototype.serving = null;

            /**
             * Creates a new ReportRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.ReportRequest
             * @static
             * @param {capstan.v1.IReportRequest=} [properties] Properties to set
             * @returns {capstan.v1.ReportRequest} ReportRequest instance
             */
            ReportRequest.create = function create(properties) {
                return new ReportRequest(properties);
            };

            /**
             * Encodes the specified ReportRequest message. Does not implicitly {@link capstan.v1.ReportRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.ReportRequest
             * @static
             * @param {capstan.v1.IReportRequest} message ReportRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReportRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.session != null && Object.hasOwnProperty.call(message, "session"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.session);
                if (message.sequence != null && Object.hasOwnProperty.call(message, "sequence"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.sequence);
                if (message.status != null && Object.hasOwnProperty.call(message, "status"))
                    $root.capstan.v1.NodeStatus.encode(message.status, writer.uint32(/* id 3, wireType 2 =*/26).fork(), q + 1).ldelim();
                if (message.logs != null && message.logs.length)
                    for (let i = 0; i < message.logs.length; ++i)
                        $root.capstan.v1.LogAnswer.encode(message.logs[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), q + 1).ldelim();
                if (message.serving != null && Object.hasOwnProperty.call(message, "serving"))
                    $root.capstan.v1.Serving.encode(message.serving, writer.uint32(/* id 5, wireType 2 =*/42).fork(), q + 1).ldelim();
                return writer;
            };

            /**
             * Decodes a ReportRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.ReportRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.ReportRequest} ReportRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReportRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.ReportRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.session = reader.string();
                            break;
                        }
                    case 2: {
                            message.sequence = reader.uint64();
                            break;
                        }
                    case 3: {
                            message.status = $root.capstan.v1.NodeStatus.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 4: {
                            if (!(message.logs && message.logs.length))
                                message.logs = [];
                            message.logs.push($root.capstan.v1.LogAnswer.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 5: {
                            message.serving = $root.capstan.v1.Serving.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return ReportRequest;
        })();

        v1.FindPeersRequest = (function() {

            /**
             * Properties of a FindPeersRequest.
             * @memberof capstan.v1
             * @interface IFindPeersRequest
             * @property {Array.<string>|null} [packs] FindPeersRequest packs
             * @property {Array.<string>|null} [corrupt] FindPeersRequest corrupt
             */

            /**
             * Constructs a new FindPeersRequest.
             * @memberof capstan.v1
             * @classdesc Represents a FindPeersRequest.
             * @implements IFindPeersRequest
             * @constructor
             * @param {capstan.v1.IFindPeersRequest=} [properties] Properties to set
             */
            function FindPeersRequest(properties) {
                this.packs = [];
                this.corrupt = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * FindPeersRequest packs.
             * @member {Array.<string>} packs
             * @memberof capstan.v1.FindPeersRequest
             * @instance
             */
            FindPeersRequest.prototype.packs = $util.emptyArray;

            /**
             * FindPeersRequest corrupt.
             * @member {Array.<string>} corrupt
             * @memberof capstan.v1.FindPeersRequest
             * @instance
             */
            FindPeersRequest.prototype.corrupt = $util.emptyArray;

            /**
             * Creates a new FindPeersRequest instance using the specified properties.
             * @function create
             * @memberof capstan.v1.FindPeersRequest
             * @static
             * @param {capstan.v1.IFindPeersRequest=} [properties] Properties to set
             * @returns {capstan.v1.FindPeersRequest} FindPeersRequest instance
             */
            FindPeersRequest.create = function create(properties) {
                return new FindPeersRequest(properties);
            };

            /**
             * Encodes the specified FindPeersRequest message. Does not implicitly {@link capstan.v1.FindPeersRequest.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.FindPeersRequest
             * @static
             * @param {capstan.v1.IFindPeersRequest} message FindPeersRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FindPeersRequest.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.packs != null && message.packs.length)
                    for (let i = 0; i < message.packs.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.packs[i]);
                if (message.corrupt != null && message.corrupt.length)
                    for (let i = 0; i < message.corrupt.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.corrupt[i]);
                return writer;
            };

            /**
             * Decodes a FindPeersRequest message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.FindPeersRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.FindPeersRequest} FindPeersRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FindPeersRequest.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.FindPeersRequest();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            if (!(message.packs && message.packs.length))
                                message.packs = [];
                            message.packs.push(reader.string());
                            break;
                        }
                    case 2: {
                            if (!(message.corrupt && message.corrupt.length))
                                message.corrupt = [];
                            message.corrupt.push(reader.string());
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return FindPeersRequest;
        })();

        v1.FindPeersResponse = (function() {

            /**
             * Properties of a FindPeersResponse.
             * @memberof capstan.v1
             * @interface IFindPeersResponse
             * @property {Array.<capstan.v1.IPackPeers>|null} [packs] FindPeersResponse packs
             * @property {number|null} [askAgainMs] FindPeersResponse askAgainMs
             */

            /**
             * Constructs a new FindPeersResponse.
             * @memberof capstan.v1
             * @classdesc Represents a FindPeersResponse.
             * @implements IFindPeersResponse
             * @constructor
             * @param {capstan.v1.IFindPeersResponse=} [properties] Properties to set
             */
            function FindPeersResponse(properties) {
                this.packs = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * FindPeersResponse packs.
             * @member {Array.<capstan.v1.IPackPeers>} packs
             * @memberof capstan.v1.FindPeersResponse
             * @instance
             */
            FindPeersResponse.prototype.packs = $util.emptyArray;

            /**
             * FindPeersResponse askAgainMs.
             * @member {number} askAgainMs
             * @memberof capstan.v1.FindPeersResponse
             * @instance
             */
            FindPeersResponse.prototype.askAgainMs = 0;

            /**
             * Creates a new FindPeersResponse instance using the specified properties.
             * @function create
             * @memberof capstan.v1.FindPeersResponse
             * @static
             * @param {capstan.v1.IFindPeersResponse=} [properties] Properties to set
             * @returns {capstan.v1.FindPeersResponse} FindPeersResponse instance
             */
            FindPeersResponse.create = function create(properties) {
                return new FindPeersResponse(properties);
            };

            /**
             * Encodes the specified FindPeersResponse message. Does not implicitly {@link capstan.v1.FindPeersResponse.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.FindPeersResponse
             * @static
             * @param {capstan.v1.IFindPeersResponse} message FindPeersResponse message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FindPeersResponse.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.packs != null && message.packs.length)
                    for (let i = 0; i < message.packs.length; ++i)
                        $root.capstan.v1.PackPeers.encode(message.packs[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), q + 1).ldelim();
                if (message.askAgainMs != null && Object.hasOwnProperty.call(message, "askAgainMs"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.askAgainMs);
                return writer;
            };

            /**
             * Decodes a FindPeersResponse message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.FindPeersResponse
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.FindPeersResponse} FindPeersResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FindPeersResponse.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.FindPeersResponse();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            if (!(message.packs && message.packs.length))
                                message.packs = [];
                            message.packs.push($root.capstan.v1.PackPeers.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 2: {
                            message.askAgainMs = reader.uint32();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return FindPeersResponse;
        })();

        v1.PackPeers = (function() {

            /**
             * Properties of a PackPeers.
             * @memberof capstan.v1
             * @interface IPackPeers
             * @property {string|null} [pack] PackPeers pack
             * @property {Array.<capstan.v1.IPeer>|null} [peers] PackPeers peers
             * @property {number|null} [seedRank] PackPeers seedRank
             * @property {number|null} [seedOf] PackPeers seedOf
             */

            /**
             * Constructs a new PackPeers.
             * @memberof capstan.v1
             * @classdesc Represents a PackPeers.
             * @implements IPackPeers
             * @constructor
             * @param {capstan.v1.IPackPeers=} [properties] Properties to set
             */
            function PackPeers(properties) {
                this.peers = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * PackPeers pack.
             * @member {string} pack
             * @memberof capstan.v1.PackPeers
             * @instance
             */
            PackPeers.prototype.pack = "";

            /**
             * PackPeers peers.
             * @member {Array.<capstan.v1.IPeer>} peers
             * @memberof capstan.v1.PackPeers
             * @instance
             */
            PackPeers.prototype.peers = $util.emptyArray;

            /**
             * PackPeers seedRank.
             * @member {number} seedRank
             * @memberof capstan.v1.PackPeers
             * @instance
             */
            PackPeers.prototype.seedRank = 0;

            /**
             * PackPeers seedOf.
             * @member {number} seedOf
             * @memberof capstan.v1.PackPeers
             * @instance
             */
            PackPeers.prototype.seedOf = 0;

            /**
             * Creates a new PackPeers instance using the specified properties.
             * @function create
             * @memberof capstan.v1.PackPeers
             * @static
             * @param {capstan.v1.IPackPeers=} [properties] Properties to set
             * @returns {capstan.v1.PackPeers} PackPeers instance
             */
            PackPeers.create = function create(properties) {
                return new PackPeers(properties);
            };

            /**
             * Encodes the specified PackPeers message. Does not implicitly {@link capstan.v1.PackPeers.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.PackPeers
             * @static
             * @param {capstan.v1.IPackPeers} message PackPeers message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PackPeers.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.pack != null && Object.hasOwnProperty.call(message, "pack"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.pack);
                if (message.peers != null && message.peers.length)
                    for (let i = 0; i < message.peers.length; ++i)
                        $root.capstan.v1.Peer.encode(message.peers[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
                if (message.seedRank != null && Object.hasOwnProperty.call(message, "seedRank"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.seedRank);
                if (message.seedOf != null && Object.hasOwnProperty.call(message, "seedOf"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.seedOf);
                return writer;
            };

            /**
             * Decodes a PackPeers message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.PackPeers
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.PackPeers} PackPeers
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PackPeers.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.PackPeers();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.pack = reader.string();
                            break;
                        }
                    case 2: {
                            if (!(message.peers && message.peers.length))
                                message.peers = [];
                            message.peers.push($root.capstan.v1.Peer.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 3: {
                            message.seedRank = reader.uint32();
                            break;
                        }
                    case 4: {
                            message.seedOf = reader.uint32();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return PackPeers;
        })();

        v1.Peer = (function() {

            /**
             * Properties of a Peer.
             * @memberof capstan.v1
             * @interface IPeer
             * @property {string|null} [node] Peer node
             * @property {string|null} [url] Peer url
             */

            /**
             * Constructs a new Peer.
             * @memberof capstan.v1
             * @classdesc Represents a Peer.
             * @implements IPeer
             * @constructor
             * @param {capstan.v1.IPeer=} [properties] Properties to set
             */
            function Peer(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * Peer node.
             * @member {string} node
             * @memberof capstan.v1.Peer
             * @instance
             */
            Peer.prototype.node = "";

            /**
             * Peer url.
             * @member {string} url
             * @memberof capstan.v1.Peer
             * @instance
             */
            Peer.prototype.url = "";

            /**
             * Creates a new Peer instance using the specified properties.
             * @function create
             * @memberof capstan.v1.Peer
             * @static
             * @param {capstan.v1.IPeer=} [properties] Properties to set
             * @returns {capstan.v1.Peer} Peer instance
             */
            Peer.create = function create(properties) {
                return new Peer(properties);
            };

            /**
             * Encodes the specified Peer message. Does not implicitly {@link capstan.v1.Peer.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.Peer
             * @static
             * @param {capstan.v1.IPeer} message Peer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Peer.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.node != null && Object.hasOwnProperty.call(message, "node"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.node);
                if (message.url != null && Object.hasOwnProperty.call(message, "url"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.url);
                return writer;
            };

            /**
             * Decodes a Peer message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.Peer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.Peer} Peer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Peer.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.Peer();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.node = reader.string();
                            break;
                        }
                    case 2: {
                            message.url = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return Peer;
        })();

        v1.LogAnswer = (function() {

            /**
             * Properties of a LogAnswer.
             * @memberof capstan.v1
             * @interface ILogAnswer
             * @property {string|null} [id] LogAnswer id
             * @property {string|null} [text] LogAnswer text
             */

            /**
             * Constructs a new LogAnswer.
             * @memberof capstan.v1
             * @classdesc Represents a LogAnswer.
             * @implements ILogAnswer
             * @constructor
             * @param {capstan.v1.ILogAnswer=} [properties] Properties to set
             */
            function LogAnswer(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * LogAnswer id.
             * @member {string} id
             * @memberof capstan.v1.LogAnswer
             * @instance
             */
            LogAnswer.prototype.id = "";

            /**
             * LogAnswer text.
             * @member {string} text
             * @memberof capstan.v1.LogAnswer
             * @instance
             */
            LogAnswer.prototype.text = "";

            /**
             * Creates a new LogAnswer instance using the specified properties.
             * @function create
             * @memberof capstan.v1.LogAnswer
             * @static
             * @param {capstan.v1.ILogAnswer=} [properties] Properties to set
             * @returns {capstan.v1.LogAnswer} LogAnswer instance
             */
            LogAnswer.create = function create(properties) {
                return new LogAnswer(properties);
            };

            /**
             * Encodes the specified LogAnswer message. Does not implicitly {@link capstan.v1.LogAnswer.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.LogAnswer
             * @static
             * @param {capstan.v1.ILogAnswer} message LogAnswer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LogAnswer.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.id != null && Object.hasOwnProperty.call(message, "id"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.text != null && Object.hasOwnProperty.call(message, "text"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.text);
                return writer;
            };

            /**
             * Decodes a LogAnswer message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.LogAnswer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.LogAnswer} LogAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LogAnswer.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.LogAnswer();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.id = reader.string();
                            break;
                        }
                    case 2: {
                            message.text = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return LogAnswer;
        })();

        v1.ReportResponse = (function() {

            /**
             * Properties of a ReportResponse.
             * @memberof capstan.v1
             * @interface IReportResponse
             * @property {number|null} [acknowledged] ReportResponse acknowledged
             */

            /**
             * Constructs a new ReportResponse.
             * @memberof capstan.v1
             * @classdesc Represents a ReportResponse.
             * @implements IReportResponse
             * @constructor
             * @param {capstan.v1.IReportResponse=} [properties] Properties to set
             */
            function ReportResponse(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * ReportResponse acknowledged.
             * @member {number} acknowledged
             * @memberof capstan.v1.ReportResponse
             * @instance
             */
            ReportResponse.prototype.acknowledged = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new ReportResponse instance using the specified properties.
             * @function create
             * @memberof capstan.v1.ReportResponse
             * @static
             * @param {capstan.v1.IReportResponse=} [properties] Properties to set
             * @returns {capstan.v1.ReportResponse} ReportResponse instance
             */
            ReportResponse.create = function create(properties) {
                return new ReportResponse(properties);
            };

            /**
             * Encodes the specified ReportResponse message. Does not implicitly {@link capstan.v1.ReportResponse.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.ReportResponse
             * @static
             * @param {capstan.v1.IReportResponse} message ReportResponse message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReportResponse.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.acknowledged != null && Object.hasOwnProperty.call(message, "acknowledged"))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.acknowledged);
                return writer;
            };

            /**
             * Decodes a ReportResponse message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.ReportResponse
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.ReportResponse} ReportResponse
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReportResponse.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.ReportResponse();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.acknowledged = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return ReportResponse;
        })();

        v1.ReleaseRef = (function() {

            /**
             * Properties of a ReleaseRef.
             * @memberof capstan.v1
             * @interface IReleaseRef
             * @property {string|null} [version] ReleaseRef version
             * @property {string|null} [digest] ReleaseRef digest
             * @property {number|null} [manifestSize] ReleaseRef manifestSize
             * @property {string|null} [layoutDigest] ReleaseRef layoutDigest
             * @property {number|null} [layoutSize] ReleaseRef layoutSize
             * @property {number|null} [contentSize] ReleaseRef contentSize
             * @property {number|null} [fileCount] ReleaseRef fileCount
             * @property {number|null} [packSize] ReleaseRef packSize
             * @property {Array.<capstan.v1.IDeltaRef>|null} [deltas] ReleaseRef deltas
             * @property {Array.<capstan.v1.IAssetFolder>|null} [assets] ReleaseRef assets
             * @property {capstan.v1.IDatabaseFact|null} [database] ReleaseRef database
             * @property {string|null} [envelope] ReleaseRef envelope
             */

            /**
             * Constructs a new ReleaseRef.
             * @memberof capstan.v1
             * @classdesc Represents a ReleaseRef.
             * @implements IReleaseRef
             * @constructor
             * @param {capstan.v1.IReleaseRef=} [properties] Properties to set
             */
            function ReleaseRef(properties) {
                this.deltas = [];
                this.assets = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * ReleaseRef version.
             * @member {string} version
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.version = "";

            /**
             * ReleaseRef digest.
             * @member {string} digest
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.digest = "";

            /**
             * ReleaseRef manifestSize.
             * @member {number} manifestSize
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.manifestSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReleaseRef layoutDigest.
             * @member {string} layoutDigest
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.layoutDigest = "";

            /**
             * ReleaseRef layoutSize.
             * @member {number} layoutSize
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.layoutSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReleaseRef contentSize.
             * @member {number} contentSize
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.contentSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReleaseRef fileCount.
             * @member {number} fileCount
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.fileCount = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReleaseRef packSize.
             * @member {number} packSize
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.packSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ReleaseRef deltas.
             * @member {Array.<capstan.v1.IDeltaRef>} deltas
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.deltas = $util.emptyArray;

            /**
             * ReleaseRef assets.
             * @member {Array.<capstan.v1.IAssetFolder>} assets
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.assets = $util.emptyArray;

            /**
             * ReleaseRef database.
             * @member {capstan.v1.IDatabaseFact|null|undefined} database
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.database = null;

            /**
             * ReleaseRef envelope.
             * @member {string} envelope
             * @memberof capstan.v1.ReleaseRef
             * @instance
             */
            ReleaseRef.prototype.envelope = "";

            /**
             * Creates a new ReleaseRef instance using the specified properties.
             * @function create
             * @memberof capstan.v1.ReleaseRef
             * @static
             * @param {capstan.v1.IReleaseRef=} [properties] Properties to set
             * @returns {capstan.v1.ReleaseRef} ReleaseRef instance
             */
            ReleaseRef.create = function create(properties) {
                return new ReleaseRef(properties);
            };

            /**
             * Encodes the specified ReleaseRef message. Does not implicitly {@link capstan.v1.ReleaseRef.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.ReleaseRef
             * @static
             * @param {capstan.v1.IReleaseRef} message ReleaseRef message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReleaseRef.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.digest != null && Object.hasOwnProperty.call(message, "digest"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.manifestSize != null && Object.hasOwnProperty.call(message, "manifestSize"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.manifestSize);
                if (message.layoutDigest != null && Object.hasOwnProperty.call(message, "layoutDigest"))
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.layoutDigest);
                if (message.layoutSize != null && Object.hasOwnProperty.call(message, "layoutSize"))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.layoutSize);
                if (message.contentSize != null && Object.hasOwnProperty.call(message, "contentSize"))
                    writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.contentSize);
                if (message.fileCount != null && Object.hasOwnProperty.call(message, "fileCount"))
                    writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.fileCount);
                if (message.packSize != null && Object.hasOwnProperty.call(message, "packSize"))
                    writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.packSize);
                if (message.deltas != null && message.deltas.length)
                    for (let i = 0; i < message.deltas.length; ++i)
                        $root.capstan.v1.DeltaRef.encode(message.deltas[i], writer.uint32(/* id 9, wireType 2 =*/74).fork(), q + 1).ldelim();
                if (message.assets != null && message.assets.length)
                    for (let i = 0; i < message.assets.length; ++i)
                        $root.capstan.v1.AssetFolder.encode(message.assets[i], writer.uint32(/* id 10, wireType 2 =*/82).fork(), q + 1).ldelim();
                if (message.database != null && Object.hasOwnProperty.call(message, "database"))
                    $root.capstan.v1.DatabaseFact.encode(message.database, writer.uint32(/* id 11, wireType 2 =*/90).fork(), q + 1).ldelim();
                if (message.envelope != null && Object.hasOwnProperty.call(message, "envelope"))
                    writer.uint32(/* id 12, wireType 2 =*/98).string(message.envelope);
                return writer;
            };

            /**
             * Decodes a ReleaseRef message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.ReleaseRef
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.ReleaseRef} ReleaseRef
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReleaseRef.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.ReleaseRef();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.version = reader.string();
                            break;
                        }
                    case 2: {
                            message.digest = reader.string();
                            break;
                        }
                    case 3: {
                            message.manifestSize = reader.uint64();
                            break;
                        }
                    case 4: {
                            message.layoutDigest = reader.string();
                            break;
                        }
                    case 5: {
                            message.layoutSize = reader.uint64();
                            break;
                        }
                    case 6: {
                            message.contentSize = reader.uint64();
                            break;
                        }
                    case 7: {
                            message.fileCount = reader.uint64();
                            break;
                        }
                    case 8: {
                            message.packSize = reader.uint64();
                            break;
                        }
                    case 9: {
                            if (!(message.deltas && message.deltas.length))
                                message.deltas = [];
                            message.deltas.push($root.capstan.v1.DeltaRef.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 10: {
                            if (!(message.assets && message.assets.length))
                                message.assets = [];
                            message.assets.push($root.capstan.v1.AssetFolder.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 11: {
                            message.database = $root.capstan.v1.DatabaseFact.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 12: {
                            message.envelope = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return ReleaseRef;
        })();

        v1.DatabaseFact = (function() {

            /**
             * Properties of a DatabaseFact.
             * @memberof capstan.v1
             * @interface IDatabaseFact
             * @property {boolean|null} [reversible] DatabaseFact reversible
             * @property {number|null} [timeoutMs] DatabaseFact timeoutMs
             */

            /**
             * Constructs a new DatabaseFact.
             * @memberof capstan.v1
             * @classdesc Represents a DatabaseFact.
             * @implements IDatabaseFact
             * @constructor
             * @param {capstan.v1.IDatabaseFact=} [properties] Properties to set
             */
            function DatabaseFact(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * DatabaseFact reversible.
             * @member {boolean} reversible
             * @memberof capstan.v1.DatabaseFact
             * @instance
             */
            DatabaseFact.prototype.reversible = false;

            /**
             * DatabaseFact timeoutMs.
             * @member {number} timeoutMs
             * @memberof capstan.v1.DatabaseFact
             * @instance
             */
            DatabaseFact.prototype.timeoutMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new DatabaseFact instance using the specified properties.
             * @function create
             * @memberof capstan.v1.DatabaseFact
             * @static
             * @param {capstan.v1.IDatabaseFact=} [properties] Properties to set
             * @returns {capstan.v1.DatabaseFact} DatabaseFact instance
             */
            DatabaseFact.create = function create(properties) {
                return new DatabaseFact(properties);
            };

            /**
             * Encodes the specified DatabaseFact message. Does not implicitly {@link capstan.v1.DatabaseFact.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.DatabaseFact
             * @static
             * @param {capstan.v1.IDatabaseFact} message DatabaseFact message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DatabaseFact.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.reversible != null && Object.hasOwnProperty.call(message, "reversible"))
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.reversible);
                if (message.timeoutMs != null && Object.hasOwnProperty.call(message, "timeoutMs"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.timeoutMs);
                return writer;
            };

            /**
             * Decodes a DatabaseFact message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.DatabaseFact
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.DatabaseFact} DatabaseFact
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DatabaseFact.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.DatabaseFact();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.reversible = reader.bool();
                            break;
                        }
                    case 2: {
                            message.timeoutMs = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return DatabaseFact;
        })();

        v1.AssetFolder = (function() {

            /**
             * Properties of an AssetFolder.
             * @memberof capstan.v1
             * @interface IAssetFolder
             * @property {string|null} [dir] AssetFolder dir
             * @property {string|null} [digest] AssetFolder digest
             */

            /**
             * Constructs a new AssetFolder.
             * @memberof capstan.v1
             * @classdesc Represents an AssetFolder.
             * @implements IAssetFolder
             * @constructor
             * @param {capstan.v1.IAssetFolder=} [properties] Properties to set
             */
            function AssetFolder(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * AssetFolder dir.
             * @member {string} dir
             * @memberof capstan.v1.AssetFolder
             * @instance
             */
            AssetFolder.prototype.dir = "";

            /**
             * AssetFolder digest.
             * @member {string} digest
             * @memberof capstan.v1.AssetFolder
             * @instance
             */
            AssetFolder.prototype.digest = "";

            /**
             * Creates a new AssetFolder instance using the specified properties.
             * @function create
             * @memberof capstan.v1.AssetFolder
             * @static
             * @param {capstan.v1.IAssetFolder=} [properties] Properties to set
             * @returns {capstan.v1.AssetFolder} AssetFolder instance
             */
            AssetFolder.create = function create(properties) {
                return new AssetFolder(properties);
            };

            /**
             * Encodes the specified AssetFolder message. Does not implicitly {@link capstan.v1.AssetFolder.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.AssetFolder
             * @static
             * @param {capstan.v1.IAssetFolder} message AssetFolder message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AssetFolder.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.dir != null && Object.hasOwnProperty.call(message, "dir"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.dir);
                if (message.digest != null && Object.hasOwnProperty.call(message, "digest"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                return writer;
            };

            /**
             * Decodes an AssetFolder message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.AssetFolder
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.AssetFolder} AssetFolder
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AssetFolder.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.AssetFolder();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.dir = reader.string();
                            break;
                        }
                    case 2: {
                            message.digest = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return AssetFolder;
        })();

        v1.DeltaRef = (function() {

            /**
             * Properties of a DeltaRef.
             * @memberof capstan.v1
             * @interface IDeltaRef
             * @property {string|null} [from] DeltaRef from
             * @property {string|null} [digest] DeltaRef digest
             * @property {number|null} [size] DeltaRef size
             * @property {number|null} [rawSize] DeltaRef rawSize
             * @property {string|null} [patchDigest] DeltaRef patchDigest
             * @property {number|null} [patchSize] DeltaRef patchSize
             */

            /**
             * Constructs a new DeltaRef.
             * @memberof capstan.v1
             * @classdesc Represents a DeltaRef.
             * @implements IDeltaRef
             * @constructor
             * @param {capstan.v1.IDeltaRef=} [properties] Properties to set
             */
            function DeltaRef(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * DeltaRef from.
             * @member {string} from
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.from = "";

            /**
             * DeltaRef digest.
             * @member {string} digest
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.digest = "";

            /**
             * DeltaRef size.
             * @member {number} size
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeltaRef rawSize.
             * @member {number} rawSize
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.rawSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeltaRef patchDigest.
             * @member {string} patchDigest
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.patchDigest = "";

            /**
             * DeltaRef patchSize.
             * @member {number} patchSize
             * @memberof capstan.v1.DeltaRef
             * @instance
             */
            DeltaRef.prototype.patchSize = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new DeltaRef instance using the specified properties.
             * @function create
             * @memberof capstan.v1.DeltaRef
             * @static
             * @param {capstan.v1.IDeltaRef=} [properties] Properties to set
             * @returns {capstan.v1.DeltaRef} DeltaRef instance
             */
            DeltaRef.create = function create(properties) {
                return new DeltaRef(properties);
            };

            /**
             * Encodes the specified DeltaRef message. Does not implicitly {@link capstan.v1.DeltaRef.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.DeltaRef
             * @static
             * @param {capstan.v1.IDeltaRef} message DeltaRef message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeltaRef.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.from != null && Object.hasOwnProperty.call(message, "from"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.from);
                if (message.digest != null && Object.hasOwnProperty.call(message, "digest"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.size != null && Object.hasOwnProperty.call(message, "size"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.size);
                if (message.rawSize != null && Object.hasOwnProperty.call(message, "rawSize"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.rawSize);
                if (message.patchDigest != null && Object.hasOwnProperty.call(message, "patchDigest"))
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.patchDigest);
                if (message.patchSize != null && Object.hasOwnProperty.call(message, "patchSize"))
                    writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.patchSize);
                return writer;
            };

            /**
             * Decodes a DeltaRef message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.DeltaRef
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.DeltaRef} DeltaRef
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeltaRef.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.DeltaRef();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.from = reader.string();
                            break;
                        }
                    case 2: {
                            message.digest = reader.string();
                            break;
                        }
                    case 3: {
                            message.size = reader.uint64();
                            break;
                        }
                    case 4: {
                            message.rawSize = reader.uint64();
                            break;
                        }
                    case 5: {
                            message.patchDigest = reader.string();
                            break;
                        }
                    case 6: {
                            message.patchSize = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return DeltaRef;
        })();

        v1.ReleaseId = (function() {

            /**
             * Properties of a ReleaseId.
             * @memberof capstan.v1
             * @interface IReleaseId
             * @property {string|null} [version] ReleaseId version
             * @property {string|null} [digest] ReleaseId digest
             */

            /**
             * Constructs a new ReleaseId.
             * @memberof capstan.v1
             * @classdesc Represents a ReleaseId.
             * @implements IReleaseId
             * @constructor
             * @param {capstan.v1.IReleaseId=} [properties] Properties to set
             */
            function ReleaseId(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * ReleaseId version.
             * @member {string} version
             * @memberof capstan.v1.ReleaseId
             * @instance
             */
            ReleaseId.prototype.version = "";

            /**
             * ReleaseId digest.
             * @member {string} digest
             * @memberof capstan.v1.ReleaseId
             * @instance
             */
            ReleaseId.prototype.digest = "";

            /**
             * Creates a new ReleaseId instance using the specified properties.
             * @function create
             * @memberof capstan.v1.ReleaseId
             * @static
             * @param {capstan.v1.IReleaseId=} [properties] Properties to set
             * @returns {capstan.v1.ReleaseId} ReleaseId instance
             */
            ReleaseId.create = function create(properties) {
                return new ReleaseId(properties);
            };

            /**
             * Encodes the specified ReleaseId message. Does not implicitly {@link capstan.v1.ReleaseId.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.ReleaseId
             * @static
             * @param {capstan.v1.IReleaseId} message ReleaseId message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReleaseId.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.version != null && Object.hasOwnProperty.call(message, "version"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.version);
                if (message.digest != null && Object.hasOwnProperty.call(message, "digest"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                return writer;
            };

            /**
             * Decodes a ReleaseId message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.ReleaseId
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.ReleaseId} ReleaseId
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReleaseId.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.ReleaseId();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.version = reader.string();
                            break;
                        }
                    case 2: {
                            message.digest = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return ReleaseId;
        })();

        /**
         * Intent enum.
         * @name capstan.v1.Intent
         * @enum {number}
         * @property {number} INTENT_UNSPECIFIED=0 INTENT_UNSPECIFIED value
         * @property {number} INTENT_STAGE=1 INTENT_STAGE value
         * @property {number} INTENT_ACTIVATE=2 INTENT_ACTIVATE value
         * @property {number} INTENT_REMOVE=3 INTENT_REMOVE value
         */
        v1.Intent = (function() {
            const valuesById = {}, values = Object.create(valuesById);
            values[valuesById[0] = "INTENT_UNSPECIFIED"] = 0;
            values[valuesById[1] = "INTENT_STAGE"] = 1;
            values[valuesById[2] = "INTENT_ACTIVATE"] = 2;
            values[valuesById[3] = "INTENT_REMOVE"] = 3;
            return values;
        })();

        v1.Assignment = (function() {

            /**
             * Properties of an Assignment.
             * @memberof capstan.v1
             * @interface IAssignment
             * @property {string|null} [app] Assignment app
             * @property {string|null} [env] Assignment env
             * @property {number|null} [generation] Assignment generation
             * @property {capstan.v1.Intent|null} [intent] Assignment intent
             * @property {capstan.v1.IReleaseRef|null} [release] Assignment release
             * @property {Object.<string,string>|null} [config] Assignment config
             * @property {string|null} [configRevision] Assignment configRevision
             * @property {capstan.v1.IActivationPolicy|null} [activation] Assignment activation
             * @property {string|null} [rollout] Assignment rollout
             * @property {Array.<string>|null} [stores] Assignment stores
             * @property {number|null} [fetchBytesPerSecond] Assignment fetchBytesPerSecond
             * @property {boolean|null} [database] Assignment database
             * @property {boolean|null} [standby] Assignment standby
             */

            /**
             * Constructs a new Assignment.
             * @memberof capstan.v1
             * @classdesc Represents an Assignment.
             * @implements IAssignment
             * @constructor
             * @param {capstan.v1.IAssignment=} [properties] Properties to set
             */
            function Assignment(properties) {
                this.config = {};
                this.stores = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * Assignment app.
             * @member {string} app
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.app = "";

            /**
             * Assignment env.
             * @member {string} env
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.env = "";

            /**
             * Assignment generation.
             * @member {number} generation
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.generation = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Assignment intent.
             * @member {capstan.v1.Intent} intent
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.intent = 0;

            /**
             * Assignment release.
             * @member {capstan.v1.IReleaseRef|null|undefined} release
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.release = null;

            /**
             * Assignment config.
             * @member {Object.<string,string>} config
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.config = $util.emptyObject;

            /**
             * Assignment configRevision.
             * @member {string} configRevision
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.configRevision = "";

            /**
             * Assignment activation.
             * @member {capstan.v1.IActivationPolicy|null|undefined} activation
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.activation = null;

            /**
             * Assignment rollout.
             * @member {string} rollout
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.rollout = "";

            /**
             * Assignment stores.
             * @member {Array.<string>} stores
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.stores = $util.emptyArray;

            /**
             * Assignment fetchBytesPerSecond.
             * @member {number} fetchBytesPerSecond
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.fetchBytesPerSecond = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Assignment database.
             * @member {boolean} database
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.database = false;

            /**
             * Assignment standby.
             * @member {boolean} standby
             * @memberof capstan.v1.Assignment
             * @instance
             */
            Assignment.prototype.standby = false;

            /**
             * Creates a new Assignment instance using the specified properties.
             * @function create
             * @memberof capstan.v1.Assignment
             * @static
             * @param {capstan.v1.IAssignment=} [properties] Properties to set
             * @returns {capstan.v1.Assignment} Assignment instance
             */
            Assignment.create = function create(properties) {
                return new Assignment(properties);
            };

            /**
             * Encodes the specified Assignment message. Does not implicitly {@link capstan.v1.Assignment.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.Assignment
             * @static
             * @param {capstan.v1.IAssignment} message Assignment message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Assignment.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.app != null && Object.hasOwnProperty.call(message, "app"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.app);
                if (message.env != null && Object.hasOwnProperty.call(message, "env"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.env);
                if (message.generation != null && Object.hasOwnProperty.call(message, "generation"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.generation);
                if (message.intent != null && Object.hasOwnProperty.call(message, "intent"))
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.intent);
                if (message.release != null && Object.hasOwnProperty.call(message, "release"))
                    $root.capstan.v1.ReleaseRef.encode(message.release, writer.uint32(/* id 5, wireType 2 =*/42).fork(), q + 1).ldelim();
                if (message.config != null && Object.hasOwnProperty.call(message, "config"))
                    for (let keys = Object.keys(message.config), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 6, wireType 2 =*/50).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.config[keys[i]]).ldelim();
                if (message.configRevision != null && Object.hasOwnProperty.call(message, "configRevision"))
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.configRevision);
                if (message.activation != null && Object.hasOwnProperty.call(message, "activation"))
                    $root.capstan.v1.ActivationPolicy.encode(message.activation, writer.uint32(/* id 8, wireType 2 =*/66).fork(), q + 1).ldelim();
                if (message.rollout != null && Object.hasOwnProperty.call(message, "rollout"))
                    writer.uint32(/* id 9, wireType 2 =*/74).string(message.rollout);
                if (message.stores != null && message.stores.length)
                    for (let i = 0; i < message.stores.length; ++i)
                        writer.uint32(/* id 10, wireType 2 =*/82).string(message.stores[i]);
                if (message.fetchBytesPerSecond != null && Object.hasOwnProperty.call(message, "fetchBytesPerSecond"))
                    writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.fetchBytesPerSecond);
                if (message.database != null && Object.hasOwnProperty.call(message, "database"))
                    writer.uint32(/* id 12, wireType 0 =*/96).bool(message.database);
                if (message.standby != null && Object.hasOwnProperty.call(message, "standby"))
                    writer.uint32(/* id 13, wireType 0 =*/104).bool(message.standby);
                return writer;
            };

            /**
             * Decodes an Assignment message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.Assignment
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.Assignment} Assignment
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Assignment.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message, key, value;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.Assignment();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.app = reader.string();
                            break;
                        }
                    case 2: {
                            message.env = reader.string();
                            break;
                        }
                    case 3: {
                            message.generation = reader.uint64();
                            break;
                        }
                    case 4: {
                            message.intent = reader.int32();
                            break;
                        }
                    case 5: {
                            message.release = $root.capstan.v1.ReleaseRef.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 6: {
                            if (message.config === $util.emptyObject)
                                message.config = {};
                            let end2 = reader.uint32() + reader.pos;
                            if (end2 > reader.len)
                                throw RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.uint32();
                                switch (tag2 >>> 3) {
                                case 1:
                                    key = reader.string();
                                    break;
                                case 2:
                                    value = reader.string();
                                    break;
                                default:
                                    reader.skipType(tag2 & 7, long);
                                    break;
                                }
                            }
                            if (reader.pos !== end2)
                                throw RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.config, key);
                            message.config[key] = value;
                            break;
                        }
                    case 7: {
                            message.configRevision = reader.string();
                            break;
                        }
                    case 8: {
                            message.activation = $root.capstan.v1.ActivationPolicy.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 9: {
                            message.rollout = reader.string();
                            break;
                        }
                    case 10: {
                            if (!(message.stores && message.stores.length))
                                message.stores = [];
                            message.stores.push(reader.string());
                            break;
                        }
                    case 11: {
                            message.fetchBytesPerSecond = reader.uint64();
                            break;
                        }
                    case 12: {
                            message.database = reader.bool();
                            break;
                        }
                    case 13: {
                            message.standby = reader.bool();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return Assignment;
        })();

        v1.ActivationPolicy = (function() {

            /**
             * Properties of an ActivationPolicy.
             * @memberof capstan.v1
             * @interface IActivationPolicy
             * @property {boolean|null} [drain] ActivationPolicy drain
             * @property {boolean|null} [restart] ActivationPolicy restart
             * @property {number|null} [minHealthyTimeMs] ActivationPolicy minHealthyTimeMs
             * @property {number|null} [healthDeadlineMs] ActivationPolicy healthDeadlineMs
             */

            /**
             * Constructs a new ActivationPolicy.
             * @memberof capstan.v1
             * @classdesc Represents an ActivationPolicy.
             * @implements IActivationPolicy
             * @constructor
             * @param {capstan.v1.IActivationPolicy=} [properties] Properties to set
             */
            function ActivationPolicy(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * ActivationPolicy drain.
             * @member {boolean} drain
             * @memberof capstan.v1.ActivationPolicy
             * @instance
             */
            ActivationPolicy.prototype.drain = false;

            /**
             * ActivationPolicy restart.
             * @member {boolean} restart
             * @memberof capstan.v1.ActivationPolicy
             * @instance
             */
            ActivationPolicy.prototype.restart = false;

            /**
             * ActivationPolicy minHealthyTimeMs.
             * @member {number} minHealthyTimeMs
             * @memberof capstan.v1.ActivationPolicy
             * @instance
             */
            ActivationPolicy.prototype.minHealthyTimeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ActivationPolicy healthDeadlineMs.
             * @member {number} healthDeadlineMs
             * @memberof capstan.v1.ActivationPolicy
             * @instance
             */
            ActivationPolicy.prototype.healthDeadlineMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new ActivationPolicy instance using the specified properties.
             * @function create
             * @memberof capstan.v1.ActivationPolicy
             * @static
             * @param {capstan.v1.IActivationPolicy=} [properties] Properties to set
             * @returns {capstan.v1.ActivationPolicy} ActivationPolicy instance
             */
            ActivationPolicy.create = function create(properties) {
                return new ActivationPolicy(properties);
            };

            /**
             * Encodes the specified ActivationPolicy message. Does not implicitly {@link capstan.v1.ActivationPolicy.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.ActivationPolicy
             * @static
             * @param {capstan.v1.IActivationPolicy} message ActivationPolicy message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ActivationPolicy.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.drain != null && Object.hasOwnProperty.call(message, "drain"))
                    writer.uint32(/* id 1, wireType 0 =*/8).bool(message.drain);
                if (message.restart != null && Object.hasOwnProperty.call(message, "restart"))
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.restart);
                if (message.minHealthyTimeMs != null && Object.hasOwnProperty.call(message, "minHealthyTimeMs"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.minHealthyTimeMs);
                if (message.healthDeadlineMs != null && Object.hasOwnProperty.call(message, "healthDeadlineMs"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.healthDeadlineMs);
                return writer;
            };

            /**
             * Decodes an ActivationPolicy message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.ActivationPolicy
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.ActivationPolicy} ActivationPolicy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ActivationPolicy.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.ActivationPolicy();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.drain = reader.bool();
                            break;
                        }
                    case 2: {
                            message.restart = reader.bool();
                            break;
                        }
                    case 3: {
                            message.minHealthyTimeMs = reader.uint64();
                            break;
                        }
                    case 4: {
                            message.healthDeadlineMs = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return ActivationPolicy;
        })();

        v1.DesiredState = (function() {

            /**
             * Properties of a DesiredState.
             * @memberof capstan.v1
             * @interface IDesiredState
             * @property {number|null} [revision] DesiredState revision
             * @property {Array.<capstan.v1.IAssignment>|null} [assignments] DesiredState assignments
             * @property {Array.<string>|null} [stores] DesiredState stores
             * @property {number|null} [epoch] DesiredState epoch
             * @property {string|null} [restoreId] DesiredState restoreId
             */

            /**
             * Constructs a new DesiredState.
             * @memberof capstan.v1
             * @classdesc Represents a DesiredState.
             * @implements IDesiredState
             * @constructor
             * @param {capstan.v1.IDesiredState=} [properties] Properties to set
             */
            function DesiredState(properties) {
                this.assignments = [];
                this.stores = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * DesiredState revision.
             * @member {number} revision
             * @memberof capstan.v1.DesiredState
             * @instance
             */
            DesiredState.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DesiredState assignments.
             * @member {Array.<capstan.v1.IAssignment>} assignments
             * @memberof capstan.v1.DesiredState
             * @instance
             */
            DesiredState.prototype.assignments = $util.emptyArray;

            /**
             * DesiredState stores.
             * @member {Array.<string>} stores
             * @memberof capstan.v1.DesiredState
             * @instance
             */
            DesiredState.prototype.stores = $util.emptyArray;

            /**
             * DesiredState epoch.
             * @member {number} epoch
             * @memberof capstan.v1.DesiredState
             * @instance
             */
            DesiredState.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DesiredState restoreId.
             * @member {string} restoreId
             * @memberof capstan.v1.DesiredState
             * @instance
             */
            DesiredState.prototype.restoreId = "";

            /**
             * Creates a new DesiredState instance using the specified properties.
             * @function create
             * @memberof capstan.v1.DesiredState
             * @static
             * @param {capstan.v1.IDesiredState=} [properties] Properties to set
             * @returns {capstan.v1.DesiredState} DesiredState instance
             */
            DesiredState.create = function create(properties) {
                return new DesiredState(properties);
            };

            /**
             * Encodes the specified DesiredState message. Does not implicitly {@link capstan.v1.DesiredState.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.DesiredState
             * @static
             * @param {capstan.v1.IDesiredState} message DesiredState message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DesiredState.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.revision != null && Object.hasOwnProperty.call(message, "revision"))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.revision);
                if (message.assignments != null && message.assignments.length)
                    for (let i = 0; i < message.assignments.length; ++i)
                        $root.capstan.v1.Assignment.encode(message.assignments[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
                if (message.stores != null && message.stores.length)
                    for (let i = 0; i < message.stores.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.stores[i]);
                if (message.epoch != null && Object.hasOwnProperty.call(message, "epoch"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.epoch);
                if (message.restoreId != null && Object.hasOwnProperty.call(message, "restoreId"))
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.restoreId);
                return writer;
            };

            /**
             * Decodes a DesiredState message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.DesiredState
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.DesiredState} DesiredState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DesiredState.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.DesiredState();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.revision = reader.uint64();
                            break;
                        }
                    case 2: {
                            if (!(message.assignments && message.assignments.length))
                                message.assignments = [];
                            message.assignments.push($root.capstan.v1.Assignment.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 3: {
                            if (!(message.stores && message.stores.length))
                                message.stores = [];
                            message.stores.push(reader.string());
                            break;
                        }
                    case 4: {
                            message.epoch = reader.uint64();
                            break;
                        }
                    case 5: {
                            message.restoreId = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return DesiredState;
        })();

        /**
         * NodePhase enum.
         * @name capstan.v1.NodePhase
         * @enum {number}
         * @property {number} NODE_PHASE_IDLE=0 NODE_PHASE_IDLE value
         * @property {number} NODE_PHASE_STAGING=1 NODE_PHASE_STAGING value
         * @property {number} NODE_PHASE_STAGED=2 NODE_PHASE_STAGED value
         * @property {number} NODE_PHASE_DRAINING=3 NODE_PHASE_DRAINING value
         * @property {number} NODE_PHASE_STOPPING=4 NODE_PHASE_STOPPING value
         * @property {number} NODE_PHASE_SWITCHING=5 NODE_PHASE_SWITCHING value
         * @property {number} NODE_PHASE_STARTING=6 NODE_PHASE_STARTING value
         * @property {number} NODE_PHASE_CHECKING=7 NODE_PHASE_CHECKING value
         * @property {number} NODE_PHASE_HEALTHY=8 NODE_PHASE_HEALTHY value
         * @property {number} NODE_PHASE_FAILED=9 NODE_PHASE_FAILED value
         * @property {number} NODE_PHASE_TURNED_BACK=10 NODE_PHASE_TURNED_BACK value
         * @property {number} NODE_PHASE_INCONSISTENT=11 NODE_PHASE_INCONSISTENT value
         * @property {number} NODE_PHASE_REMOVED=12 NODE_PHASE_REMOVED value
         */
        v1.NodePhase = (function() {
            const valuesById = {}, values = Object.create(valuesById);
            values[valuesById[0] = "NODE_PHASE_IDLE"] = 0;
            values[valuesById[1] = "NODE_PHASE_STAGING"] = 1;
            values[valuesById[2] = "NODE_PHASE_STAGED"] = 2;
            values[valuesById[3] = "NODE_PHASE_DRAINING"] = 3;
            values[valuesById[4] = "NODE_PHASE_STOPPING"] = 4;
            values[valuesById[5] = "NODE_PHASE_SWITCHING"] = 5;
            values[valuesById[6] = "NODE_PHASE_STARTING"] = 6;
            values[valuesById[7] = "NODE_PHASE_CHECKING"] = 7;
            values[valuesById[8] = "NODE_PHASE_HEALTHY"] = 8;
            values[valuesById[9] = "NODE_PHASE_FAILED"] = 9;
            values[valuesById[10] = "NODE_PHASE_TURNED_BACK"] = 10;
            values[valuesById[11] = "NODE_PHASE_INCONSISTENT"] = 11;
            values[valuesById[12] = "NODE_PHASE_REMOVED"] = 12;
            return values;
        })();

        /**
         * Health enum.
         * @name capstan.v1.Health
         * @enum {number}
         * @property {number} HEALTH_UNKNOWN=0 HEALTH_UNKNOWN value
         * @property {number} HEALTH_HEALTHY=1 HEALTH_HEALTHY value
         * @property {number} HEALTH_UNHEALTHY=2 HEALTH_UNHEALTHY value
         */
        v1.Health = (function() {
            const valuesById = {}, values = Object.create(valuesById);
            values[valuesById[0] = "HEALTH_UNKNOWN"] = 0;
            values[valuesById[1] = "HEALTH_HEALTHY"] = 1;
            values[valuesById[2] = "HEALTH_UNHEALTHY"] = 2;
            return values;
        })();

        v1.StepFailure = (function() {

            /**
             * Properties of a StepFailure.
             * @memberof capstan.v1
             * @interface IStepFailure
             * @property {string|null} [step] StepFailure step
             * @property {string|null} [reason] StepFailure reason
             * @property {string|null} [logTail] StepFailure logTail
             */

            /**
             * Constructs a new StepFailure.
             * @memberof capstan.v1
             * @classdesc Represents a StepFailure.
             * @implements IStepFailure
             * @constructor
             * @param {capstan.v1.IStepFailure=} [properties] Properties to set
             */
            function StepFailure(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * StepFailure step.
             * @member {string} step
             * @memberof capstan.v1.StepFailure
             * @instance
             */
            StepFailure.prototype.step = "";

            /**
             * StepFailure reason.
             * @member {string} reason
             * @memberof capstan.v1.StepFailure
             * @instance
             */
            StepFailure.prototype.reason = "";

            /**
             * StepFailure logTail.
             * @member {string} logTail
             * @memberof capstan.v1.StepFailure
             * @instance
             */
            StepFailure.prototype.logTail = "";

            /**
             * Creates a new StepFailure instance using the specified properties.
             * @function create
             * @memberof capstan.v1.StepFailure
             * @static
             * @param {capstan.v1.IStepFailure=} [properties] Properties to set
             * @returns {capstan.v1.StepFailure} StepFailure instance
             */
            StepFailure.create = function create(properties) {
                return new StepFailure(properties);
            };

            /**
             * Encodes the specified StepFailure message. Does not implicitly {@link capstan.v1.StepFailure.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.StepFailure
             * @static
             * @param {capstan.v1.IStepFailure} message StepFailure message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StepFailure.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.step != null && Object.hasOwnProperty.call(message, "step"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.step);
                if (message.reason != null && Object.hasOwnProperty.call(message, "reason"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.reason);
                if (message.logTail != null && Object.hasOwnProperty.call(message, "logTail"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.logTail);
                return writer;
            };

            /**
             * Decodes a StepFailure message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.StepFailure
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.StepFailure} StepFailure
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StepFailure.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.StepFailure();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.step = reader.string();
                            break;
                        }
                    case 2: {
                            message.reason = reader.string();
                            break;
                        }
                    case 3: {
                            message.logTail = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return StepFailure;
        })();

        v1.AppStatus = (function() {

            /**
             * Properties of an AppStatus.
             * @memberof capstan.v1
             * @interface IAppStatus
             * @property {string|null} [app] AppStatus app
             * @property {number|null} [generation] AppStatus generation
             * @property {capstan.v1.NodePhase|null} [phase] AppStatus phase
             * @property {capstan.v1.Health|null} [health] AppStatus health
             * @property {boolean|null} [ready] AppStatus ready
             * @property {capstan.v1.IReleaseId|null} [current] AppStatus current
             * @property {capstan.v1.IReleaseId|null} [previous] AppStatus previous
             * @property {Array.<string>|null} [staged] AppStatus staged
             * @property {capstan.v1.IStepFailure|null} [failure] AppStatus failure
             * @property {string|null} [note] AppStatus note
             * @property {number|null} [bytesDone] AppStatus bytesDone
             * @property {number|null} [bytesTotal] AppStatus bytesTotal
             * @property {Array.<capstan.v1.IFetchedFrom>|null} [fetchedFrom] AppStatus fetchedFrom
             * @property {capstan.v1.IDrift|null} [drift] AppStatus drift
             * @property {boolean|null} [pastReturn] AppStatus pastReturn
             * @property {number|null} [restarts] AppStatus restarts
             * @property {boolean|null} [standby] AppStatus standby
             */

            /**
             * Constructs a new AppStatus.
             * @memberof capstan.v1
             * @classdesc Represents an AppStatus.
             * @implements IAppStatus
             * @constructor
             * @param {capstan.v1.IAppStatus=} [properties] Properties to set
             */
            function AppStatus(properties) {
                this.staged = [];
                this.fetchedFrom = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * AppStatus app.
             * @member {string} app
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.app = "";

            /**
             * AppStatus generation.
             * @member {number} generation
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.generation = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * AppStatus phase.
             * @member {capstan.v1.NodePhase} phase
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.phase = 0;

            /**
             * AppStatus health.
             * @member {capstan.v1.Health} health
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.health = 0;

            /**
             * AppStatus ready.
             * @member {boolean} ready
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.ready = false;

            /**
             * AppStatus current.
             * @member {capstan.v1.IReleaseId|null|undefined} current
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.current = null;

            /**
             * AppStatus previous.
             * @member {capstan.v1.IReleaseId|null|undefined} previous
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.previous = null;

            /**
             * AppStatus staged.
             * @member {Array.<string>} staged
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.staged = $util.emptyArray;

            /**
             * AppStatus failure.
             * @member {capstan.v1.IStepFailure|null|undefined} failure
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.failure = null;

            /**
             * AppStatus note.
             * @member {string} note
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.note = "";

            /**
             * AppStatus bytesDone.
             * @member {number} bytesDone
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.bytesDone = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * AppStatus bytesTotal.
             * @member {number} bytesTotal
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.bytesTotal = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * AppStatus fetchedFrom.
             * @member {Array.<capstan.v1.IFetchedFrom>} fetchedFrom
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.fetchedFrom = $util.emptyArray;

            /**
             * AppStatus drift.
             * @member {capstan.v1.IDrift|null|undefined} drift
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.drift = null;

            /**
             * AppStatus pastReturn.
             * @member {boolean} pastReturn
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.pastReturn = false;

            /**
             * AppStatus restarts.
             * @member {number} restarts
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.restarts = 0;

            /**
             * AppStatus standby.
             * @member {boolean} standby
             * @memberof capstan.v1.AppStatus
             * @instance
             */
            AppStatus.prototype.standby = false;

            /**
             * Creates a new AppStatus instance using the specified properties.
             * @function create
             * @memberof capstan.v1.AppStatus
             * @static
             * @param {capstan.v1.IAppStatus=} [properties] Properties to set
             * @returns {capstan.v1.AppStatus} AppStatus instance
             */
            AppStatus.create = function create(properties) {
                return new AppStatus(properties);
            };

            /**
             * Encodes the specified AppStatus message. Does not implicitly {@link capstan.v1.AppStatus.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.AppStatus
             * @static
             * @param {capstan.v1.IAppStatus} message AppStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AppStatus.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.app != null && Object.hasOwnProperty.call(message, "app"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.app);
                if (message.generation != null && Object.hasOwnProperty.call(message, "generation"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.generation);
                if (message.phase != null && Object.hasOwnProperty.call(message, "phase"))
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.phase);
                if (message.health != null && Object.hasOwnProperty.call(message, "health"))
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.health);
                if (message.ready != null && Object.hasOwnProperty.call(message, "ready"))
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.ready);
                if (message.current != null && Object.hasOwnProperty.call(message, "current"))
                    $root.capstan.v1.ReleaseId.encode(message.current, writer.uint32(/* id 6, wireType 2 =*/50).fork(), q + 1).ldelim();
                if (message.previous != null && Object.hasOwnProperty.call(message, "previous"))
                    $root.capstan.v1.ReleaseId.encode(message.previous, writer.uint32(/* id 7, wireType 2 =*/58).fork(), q + 1).ldelim();
                if (message.staged != null && message.staged.length)
                    for (let i = 0; i < message.staged.length; ++i)
                        writer.uint32(/* id 8, wireType 2 =*/66).string(message.staged[i]);
                if (message.failure != null && Object.hasOwnProperty.call(message, "failure"))
                    $root.capstan.v1.StepFailure.encode(message.failure, writer.uint32(/* id 9, wireType 2 =*/74).fork(), q + 1).ldelim();
                if (message.note != null && Object.hasOwnProperty.call(message, "note"))
                    writer.uint32(/* id 10, wireType 2 =*/82).string(message.note);
                if (message.bytesDone != null && Object.hasOwnProperty.call(message, "bytesDone"))
                    writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.bytesDone);
                if (message.bytesTotal != null && Object.hasOwnProperty.call(message, "bytesTotal"))
                    writer.uint32(/* id 12, wireType 0 =*/96).uint64(message.bytesTotal);
                if (message.fetchedFrom != null && message.fetchedFrom.length)
                    for (let i = 0; i < message.fetchedFrom.length; ++i)
                        $root.capstan.v1.FetchedFrom.encode(message.fetchedFrom[i], writer.uint32(/* id 13, wireType 2 =*/106).fork(), q + 1).ldelim();
                if (message.drift != null && Object.hasOwnProperty.call(message, "drift"))
                    $root.capstan.v1.Drift.encode(message.drift, writer.uint32(/* id 14, wireType 2 =*/114).fork(), q + 1).ldelim();
                if (message.pastReturn != null && Object.hasOwnProperty.call(message, "pastReturn"))
                    writer.uint32(/* id 15, wireType 0 =*/120).bool(message.pastReturn);
                if (message.standby != null && Object.hasOwnProperty.call(message, "standby"))
                    writer.uint32(/* id 16, wireType 0 =*/128).bool(message.standby);
                if (message.restarts != null && Object.hasOwnProperty.call(message, "restarts"))
                    writer.uint32(/* id 20, wireType 0 =*/160).uint32(message.restarts);
                return writer;
            };

            /**
             * Decodes an AppStatus message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.AppStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.AppStatus} AppStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AppStatus.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.AppStatus();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.app = reader.string();
                            break;
                        }
                    case 2: {
                            message.generation = reader.uint64();
                            break;
                        }
                    case 3: {
                            message.phase = reader.int32();
                            break;
                        }
                    case 4: {
                            message.health = reader.int32();
                            break;
                        }
                    case 5: {
                            message.ready = reader.bool();
                            break;
                        }
                    case 6: {
                            message.current = $root.capstan.v1.ReleaseId.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 7: {
                            message.previous = $root.capstan.v1.ReleaseId.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 8: {
                            if (!(message.staged && message.staged.length))
                                message.staged = [];
                            message.staged.push(reader.string());
                            break;
                        }
                    case 9: {
                            message.failure = $root.capstan.v1.StepFailure.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 10: {
                            message.note = reader.string();
                            break;
                        }
                    case 11: {
                            message.bytesDone = reader.uint64();
                            break;
                        }
                    case 12: {
                            message.bytesTotal = reader.uint64();
                            break;
                        }
                    case 13: {
                            if (!(message.fetchedFrom && message.fetchedFrom.length))
                                message.fetchedFrom = [];
                            message.fetchedFrom.push($root.capstan.v1.FetchedFrom.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 14: {
                            message.drift = $root.capstan.v1.Drift.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 15: {
                            message.pastReturn = reader.bool();
                            break;
                        }
                    case 20: {
                            message.restarts = reader.uint32();
                            break;
                        }
                    case 16: {
                            message.standby = reader.bool();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return AppStatus;
        })();

        v1.Drift = (function() {

            /**
             * Properties of a Drift.
             * @memberof capstan.v1
             * @interface IDrift
             * @property {number|null} [total] Drift total
             * @property {Array.<capstan.v1.IDriftedPath>|null} [paths] Drift paths
             */

            /**
             * Constructs a new Drift.
             * @memberof capstan.v1
             * @classdesc Represents a Drift.
             * @implements IDrift
             * @constructor
             * @param {capstan.v1.IDrift=} [properties] Properties to set
             */
            function Drift(properties) {
                this.paths = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * Drift total.
             * @member {number} total
             * @memberof capstan.v1.Drift
             * @instance
             */
            Drift.prototype.total = 0;

            /**
             * Drift paths.
             * @member {Array.<capstan.v1.IDriftedPath>} paths
             * @memberof capstan.v1.Drift
             * @instance
             */
            Drift.prototype.paths = $util.emptyArray;

            /**
             * Creates a new Drift instance using the specified properties.
             * @function create
             * @memberof capstan.v1.Drift
             * @static
             * @param {capstan.v1.IDrift=} [properties] Properties to set
             * @returns {capstan.v1.Drift} Drift instance
             */
            Drift.create = function create(properties) {
                return new Drift(properties);
            };

            /**
             * Encodes the specified Drift message. Does not implicitly {@link capstan.v1.Drift.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.Drift
             * @static
             * @param {capstan.v1.IDrift} message Drift message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Drift.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.total != null && Object.hasOwnProperty.call(message, "total"))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.total);
                if (message.paths != null && message.paths.length)
                    for (let i = 0; i < message.paths.length; ++i)
                        $root.capstan.v1.DriftedPath.encode(message.paths[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
                return writer;
            };

            /**
             * Decodes a Drift message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.Drift
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.Drift} Drift
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Drift.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.Drift();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.total = reader.uint32();
                            break;
                        }
                    case 2: {
                            if (!(message.paths && message.paths.length))
                                message.paths = [];
                            message.paths.push($root.capstan.v1.DriftedPath.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return Drift;
        })();

        v1.DriftedPath = (function() {

            /**
             * Properties of a DriftedPath.
             * @memberof capstan.v1
             * @interface IDriftedPath
             * @property {string|null} [path] DriftedPath path
             * @property {string|null} [kind] DriftedPath kind
             */

            /**
             * Constructs a new DriftedPath.
             * @memberof capstan.v1
             * @classdesc Represents a DriftedPath.
             * @implements IDriftedPath
             * @constructor
             * @param {capstan.v1.IDriftedPath=} [properties] Properties to set
             */
            function DriftedPath(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * DriftedPath path.
             * @member {string} path
             * @memberof capstan.v1.DriftedPath
             * @instance
             */
            DriftedPath.prototype.path = "";

            /**
             * DriftedPath kind.
             * @member {string} kind
             * @memberof capstan.v1.DriftedPath
             * @instance
             */
            DriftedPath.prototype.kind = "";

            /**
             * Creates a new DriftedPath instance using the specified properties.
             * @function create
             * @memberof capstan.v1.DriftedPath
             * @static
             * @param {capstan.v1.IDriftedPath=} [properties] Properties to set
             * @returns {capstan.v1.DriftedPath} DriftedPath instance
             */
            DriftedPath.create = function create(properties) {
                return new DriftedPath(properties);
            };

            /**
             * Encodes the specified DriftedPath message. Does not implicitly {@link capstan.v1.DriftedPath.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.DriftedPath
             * @static
             * @param {capstan.v1.IDriftedPath} message DriftedPath message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DriftedPath.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.path != null && Object.hasOwnProperty.call(message, "path"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
                if (message.kind != null && Object.hasOwnProperty.call(message, "kind"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.kind);
                return writer;
            };

            /**
             * Decodes a DriftedPath message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.DriftedPath
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.DriftedPath} DriftedPath
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DriftedPath.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.DriftedPath();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.path = reader.string();
                            break;
                        }
                    case 2: {
                            message.kind = reader.string();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return DriftedPath;
        })();

        v1.FetchedFrom = (function() {

            /**
             * Properties of a FetchedFrom.
             * @memberof capstan.v1
             * @interface IFetchedFrom
             * @property {string|null} [source] FetchedFrom source
             * @property {number|null} [bytes] FetchedFrom bytes
             */

            /**
             * Constructs a new FetchedFrom.
             * @memberof capstan.v1
             * @classdesc Represents a FetchedFrom.
             * @implements IFetchedFrom
             * @constructor
             * @param {capstan.v1.IFetchedFrom=} [properties] Properties to set
             */
            function FetchedFrom(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * FetchedFrom source.
             * @member {string} source
             * @memberof capstan.v1.FetchedFrom
             * @instance
             */
            FetchedFrom.prototype.source = "";

            /**
             * FetchedFrom bytes.
             * @member {number} bytes
             * @memberof capstan.v1.FetchedFrom
             * @instance
             */
            FetchedFrom.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new FetchedFrom instance using the specified properties.
             * @function create
             * @memberof capstan.v1.FetchedFrom
             * @static
             * @param {capstan.v1.IFetchedFrom=} [properties] Properties to set
             * @returns {capstan.v1.FetchedFrom} FetchedFrom instance
             */
            FetchedFrom.create = function create(properties) {
                return new FetchedFrom(properties);
            };

            /**
             * Encodes the specified FetchedFrom message. Does not implicitly {@link capstan.v1.FetchedFrom.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.FetchedFrom
             * @static
             * @param {capstan.v1.IFetchedFrom} message FetchedFrom message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FetchedFrom.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.source != null && Object.hasOwnProperty.call(message, "source"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.source);
                if (message.bytes != null && Object.hasOwnProperty.call(message, "bytes"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.bytes);
                return writer;
            };

            /**
             * Decodes a FetchedFrom message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.FetchedFrom
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.FetchedFrom} FetchedFrom
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FetchedFrom.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.FetchedFrom();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.source = reader.string();
                            break;
                        }
                    case 2: {
                            message.bytes = reader.uint64();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return FetchedFrom;
        })();

        v1.HostFacts = (function() {

            /**
             * Properties of a HostFacts.
             * @memberof capstan.v1
             * @interface IHostFacts
             * @property {string|null} [os] HostFacts os
             * @property {string|null} [kernel] HostFacts kernel
             * @property {string|null} [arch] HostFacts arch
             * @property {string|null} [hostname] HostFacts hostname
             * @property {number|null} [cpus] HostFacts cpus
             * @property {number|null} [memoryTotal] HostFacts memoryTotal
             * @property {number|null} [memoryAvailable] HostFacts memoryAvailable
             * @property {number|null} [diskTotal] HostFacts diskTotal
             * @property {number|null} [diskFree] HostFacts diskFree
             * @property {number|null} [load1] HostFacts load1
             * @property {number|null} [uptimeSeconds] HostFacts uptimeSeconds
             * @property {string|null} [nodeVersion] HostFacts nodeVersion
             * @property {capstan.v1.IPressure|null} [pressure] HostFacts pressure
             */

            /**
             * Constructs a new HostFacts.
             * @memberof capstan.v1
             * @classdesc Represents a HostFacts.
             * @implements IHostFacts
             * @constructor
             * @param {capstan.v1.IHostFacts=} [properties] Properties to set
             */
            function HostFacts(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * HostFacts os.
             * @member {string} os
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.os = "";

            /**
             * HostFacts kernel.
             * @member {string} kernel
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.kernel = "";

            /**
             * HostFacts arch.
             * @member {string} arch
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.arch = "";

            /**
             * HostFacts hostname.
             * @member {string} hostname
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.hostname = "";

            /**
             * HostFacts cpus.
             * @member {number} cpus
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.cpus = 0;

            /**
             * HostFacts memoryTotal.
             * @member {number} memoryTotal
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.memoryTotal = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * HostFacts memoryAvailable.
             * @member {number} memoryAvailable
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.memoryAvailable = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * HostFacts diskTotal.
             * @member {number} diskTotal
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.diskTotal = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * HostFacts diskFree.
             * @member {number} diskFree
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.diskFree = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * HostFacts load1.
             * @member {number} load1
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.load1 = 0;

            /**
             * HostFacts uptimeSeconds.
             * @member {number} uptimeSeconds
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.uptimeSeconds = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * HostFacts nodeVersion.
             * @member {string} nodeVersion
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.nodeVersion = "";

            /**
             * HostFacts pressure.
             * @member {capstan.v1.IPressure|null|undefined} pressure
             * @memberof capstan.v1.HostFacts
             * @instance
             */
            HostFacts.prototype.pressure = null;

            /**
             * Creates a new HostFacts instance using the specified properties.
             * @function create
             * @memberof capstan.v1.HostFacts
             * @static
             * @param {capstan.v1.IHostFacts=} [properties] Properties to set
             * @returns {capstan.v1.HostFacts} HostFacts instance
             */
            HostFacts.create = function create(properties) {
                return new HostFacts(properties);
            };

            /**
             * Encodes the specified HostFacts message. Does not implicitly {@link capstan.v1.HostFacts.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.HostFacts
             * @static
             * @param {capstan.v1.IHostFacts} message HostFacts message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            HostFacts.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.os != null && Object.hasOwnProperty.call(message, "os"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.os);
                if (message.kernel != null && Object.hasOwnProperty.call(message, "kernel"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.kernel);
                if (message.arch != null && Object.hasOwnProperty.call(message, "arch"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.arch);
                if (message.hostname != null && Object.hasOwnProperty.call(message, "hostname"))
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.hostname);
                if (message.cpus != null && Object.hasOwnProperty.call(message, "cpus"))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.cpus);
                if (message.memoryTotal != null && Object.hasOwnProperty.call(message, "memoryTotal"))
                    writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.memoryTotal);
                if (message.memoryAvailable != null && Object.hasOwnProperty.call(message, "memoryAvailable"))
                    writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.memoryAvailable);
                if (message.diskTotal != null && Object.hasOwnProperty.call(message, "diskTotal"))
                    writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.diskTotal);
                if (message.diskFree != null && Object.hasOwnProperty.call(message, "diskFree"))
                    writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.diskFree);
                if (message.load1 != null && Object.hasOwnProperty.call(message, "load1"))
                    writer.uint32(/* id 10, wireType 1 =*/81).double(message.load1);
                if (message.uptimeSeconds != null && Object.hasOwnProperty.call(message, "uptimeSeconds"))
                    writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.uptimeSeconds);
                if (message.nodeVersion != null && Object.hasOwnProperty.call(message, "nodeVersion"))
                    writer.uint32(/* id 12, wireType 2 =*/98).string(message.nodeVersion);
                if (message.pressure != null && Object.hasOwnProperty.call(message, "pressure"))
                    $root.capstan.v1.Pressure.encode(message.pressure, writer.uint32(/* id 13, wireType 2 =*/106).fork(), q + 1).ldelim();
                return writer;
            };

            /**
             * Decodes a HostFacts message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.HostFacts
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.HostFacts} HostFacts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            HostFacts.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.HostFacts();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.os = reader.string();
                            break;
                        }
                    case 2: {
                            message.kernel = reader.string();
                            break;
                        }
                    case 3: {
                            message.arch = reader.string();
                            break;
                        }
                    case 4: {
                            message.hostname = reader.string();
                            break;
                        }
                    case 5: {
                            message.cpus = reader.uint32();
                            break;
                        }
                    case 6: {
                            message.memoryTotal = reader.uint64();
                            break;
                        }
                    case 7: {
                            message.memoryAvailable = reader.uint64();
                            break;
                        }
                    case 8: {
                            message.diskTotal = reader.uint64();
                            break;
                        }
                    case 9: {
                            message.diskFree = reader.uint64();
                            break;
                        }
                    case 10: {
                            message.load1 = reader.double();
                            break;
                        }
                    case 11: {
                            message.uptimeSeconds = reader.uint64();
                            break;
                        }
                    case 12: {
                            message.nodeVersion = reader.string();
                            break;
                        }
                    case 13: {
                            message.pressure = $root.capstan.v1.Pressure.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return HostFacts;
        })();

        v1.Pressure = (function() {

            /**
             * Properties of a Pressure.
             * @memberof capstan.v1
             * @interface IPressure
             * @property {number|null} [cpu] Pressure cpu
             * @property {number|null} [memory] Pressure memory
             * @property {number|null} [io] Pressure io
             */

            /**
             * Constructs a new Pressure.
             * @memberof capstan.v1
             * @classdesc Represents a Pressure.
             * @implements IPressure
             * @constructor
             * @param {capstan.v1.IPressure=} [properties] Properties to set
             */
            function Pressure(properties) {
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * Pressure cpu.
             * @member {number} cpu
             * @memberof capstan.v1.Pressure
             * @instance
             */
            Pressure.prototype.cpu = 0;

            /**
             * Pressure memory.
             * @member {number} memory
             * @memberof capstan.v1.Pressure
             * @instance
             */
            Pressure.prototype.memory = 0;

            /**
             * Pressure io.
             * @member {number} io
             * @memberof capstan.v1.Pressure
             * @instance
             */
            Pressure.prototype.io = 0;

            /**
             * Creates a new Pressure instance using the specified properties.
             * @function create
             * @memberof capstan.v1.Pressure
             * @static
             * @param {capstan.v1.IPressure=} [properties] Properties to set
             * @returns {capstan.v1.Pressure} Pressure instance
             */
            Pressure.create = function create(properties) {
                return new Pressure(properties);
            };

            /**
             * Encodes the specified Pressure message. Does not implicitly {@link capstan.v1.Pressure.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.Pressure
             * @static
             * @param {capstan.v1.IPressure} message Pressure message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Pressure.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.cpu != null && Object.hasOwnProperty.call(message, "cpu"))
                    writer.uint32(/* id 1, wireType 1 =*/9).double(message.cpu);
                if (message.memory != null && Object.hasOwnProperty.call(message, "memory"))
                    writer.uint32(/* id 2, wireType 1 =*/17).double(message.memory);
                if (message.io != null && Object.hasOwnProperty.call(message, "io"))
                    writer.uint32(/* id 3, wireType 1 =*/25).double(message.io);
                return writer;
            };

            /**
             * Decodes a Pressure message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.Pressure
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.Pressure} Pressure
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Pressure.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.Pressure();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.cpu = reader.double();
                            break;
                        }
                    case 2: {
                            message.memory = reader.double();
                            break;
                        }
                    case 3: {
                            message.io = reader.double();
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return Pressure;
        })();

        v1.NodeStatus = (function() {

            /**
             * Properties of a NodeStatus.
             * @memberof capstan.v1
             * @interface INodeStatus
             * @property {Array.<capstan.v1.IAppStatus>|null} [apps] NodeStatus apps
             * @property {capstan.v1.IHostFacts|null} [facts] NodeStatus facts
             * @property {string|null} [agentVersion] NodeStatus agentVersion
             * @property {boolean|null} [allowUnsigned] NodeStatus allowUnsigned
             * @property {Array.<string>|null} [trustedKeys] NodeStatus trustedKeys
             */

            /**
             * Constructs a new NodeStatus.
             * @memberof capstan.v1
             * @classdesc Represents a NodeStatus.
             * @implements INodeStatus
             * @constructor
             * @param {capstan.v1.INodeStatus=} [properties] Properties to set
             */
            function NodeStatus(properties) {
                this.apps = [];
                this.trustedKeys = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * NodeStatus apps.
             * @member {Array.<capstan.v1.IAppStatus>} apps
             * @memberof capstan.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.apps = $util.emptyArray;

            /**
             * NodeStatus facts.
             * @member {capstan.v1.IHostFacts|null|undefined} facts
             * @memberof capstan.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.facts = null;

            /**
             * NodeStatus agentVersion.
             * @member {string} agentVersion
             * @memberof capstan.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.agentVersion = "";

            /**
             * NodeStatus allowUnsigned.
             * @member {boolean} allowUnsigned
             * @memberof capstan.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.allowUnsigned = false;

            /**
             * NodeStatus trustedKeys.
             * @member {Array.<string>} trustedKeys
             * @memberof capstan.v1.NodeStatus
             * @instance
             */
            NodeStatus.prototype.trustedKeys = $util.emptyArray;

            /**
             * Creates a new NodeStatus instance using the specified properties.
             * @function create
             * @memberof capstan.v1.NodeStatus
             * @static
             * @param {capstan.v1.INodeStatus=} [properties] Properties to set
             * @returns {capstan.v1.NodeStatus} NodeStatus instance
             */
            NodeStatus.create = function create(properties) {
                return new NodeStatus(properties);
            };

            /**
             * Encodes the specified NodeStatus message. Does not implicitly {@link capstan.v1.NodeStatus.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.NodeStatus
             * @static
             * @param {capstan.v1.INodeStatus} message NodeStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NodeStatus.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.apps != null && message.apps.length)
                    for (let i = 0; i < message.apps.length; ++i)
                        $root.capstan.v1.AppStatus.encode(message.apps[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), q + 1).ldelim();
                if (message.facts != null && Object.hasOwnProperty.call(message, "facts"))
                    $root.capstan.v1.HostFacts.encode(message.facts, writer.uint32(/* id 2, wireType 2 =*/18).fork(), q + 1).ldelim();
                if (message.agentVersion != null && Object.hasOwnProperty.call(message, "agentVersion"))
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.agentVersion);
                if (message.allowUnsigned != null && Object.hasOwnProperty.call(message, "allowUnsigned"))
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.allowUnsigned);
                if (message.trustedKeys != null && message.trustedKeys.length)
                    for (let i = 0; i < message.trustedKeys.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.trustedKeys[i]);
                return writer;
            };

            /**
             * Decodes a NodeStatus message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.NodeStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.NodeStatus} NodeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NodeStatus.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.NodeStatus();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            if (!(message.apps && message.apps.length))
                                message.apps = [];
                            message.apps.push($root.capstan.v1.AppStatus.decode(reader, reader.uint32(), undefined, long + 1));
                            break;
                        }
                    case 2: {
                            message.facts = $root.capstan.v1.HostFacts.decode(reader, reader.uint32(), undefined, long + 1);
                            break;
                        }
                    case 3: {
                            message.agentVersion = reader.string();
                            break;
                        }
                    case 4: {
                            message.allowUnsigned = reader.bool();
                            break;
                        }
                    case 5: {
                            if (!(message.trustedKeys && message.trustedKeys.length))
                                message.trustedKeys = [];
                            message.trustedKeys.push(reader.string());
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return NodeStatus;
        })();

        v1.Serving = (function() {

            /**
             * Properties of a Serving.
             * @memberof capstan.v1
             * @interface IServing
             * @property {string|null} [url] Serving url
             * @property {number|null} [slots] Serving slots
             * @property {Array.<string>|null} [packs] Serving packs
             */

            /**
             * Constructs a new Serving.
             * @memberof capstan.v1
             * @classdesc Represents a Serving.
             * @implements IServing
             * @constructor
             * @param {capstan.v1.IServing=} [properties] Properties to set
             */
            function Serving(properties) {
                this.packs = [];
                if (properties)
                    for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            }

            /**
             * Serving url.
             * @member {string} url
             * @memberof capstan.v1.Serving
             * @instance
             */
            Serving.prototype.url = "";

            /**
             * Serving slots.
             * @member {number} slots
             * @memberof capstan.v1.Serving
             * @instance
             */
            Serving.prototype.slots = 0;

            /**
             * Serving packs.
             * @member {Array.<string>} packs
             * @memberof capstan.v1.Serving
             * @instance
             */
            Serving.prototype.packs = $util.emptyArray;

            /**
             * Creates a new Serving instance using the specified properties.
             * @function create
             * @memberof capstan.v1.Serving
             * @static
             * @param {capstan.v1.IServing=} [properties] Properties to set
             * @returns {capstan.v1.Serving} Serving instance
             */
            Serving.create = function create(properties) {
                return new Serving(properties);
            };

            /**
             * Encodes the specified Serving message. Does not implicitly {@link capstan.v1.Serving.verify|verify} messages.
             * @function encode
             * @memberof capstan.v1.Serving
             * @static
             * @param {capstan.v1.IServing} message Serving message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Serving.encode = function encode(message, writer, q) {
                if (!writer)
                    writer = $Writer.create();
                if (q === undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw Error("max depth exceeded");
                if (message.url != null && Object.hasOwnProperty.call(message, "url"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.url);
                if (message.slots != null && Object.hasOwnProperty.call(message, "slots"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.slots);
                if (message.packs != null && message.packs.length)
                    for (let i = 0; i < message.packs.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.packs[i]);
                return writer;
            };

            /**
             * Decodes a Serving message from the specified reader or buffer.
             * @function decode
             * @memberof capstan.v1.Serving
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {capstan.v1.Serving} Serving
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Serving.decode = function decode(reader, length, error, long) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (long === undefined)
                    long = 0;
                if (long > $Reader.recursionLimit)
                    throw Error("maximum nesting depth exceeded");
                let end, message;
                if (length === undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = new $root.capstan.v1.Serving();
                while (reader.pos < end) {
                    let tag = reader.uint32();
                    if (tag === error)
                        break;
                    switch (tag >>> 3) {
                    case 1: {
                            message.url = reader.string();
                            break;
                        }
                    case 2: {
                            message.slots = reader.uint32();
                            break;
                        }
                    case 3: {
                            if (!(message.packs && message.packs.length))
                                message.packs = [];
                            message.packs.push(reader.string());
                            break;
                        }
                    default:
                        reader.skipType(tag & 7, long);
                        break;
                    }
                }
                if (length !== undefined) {
                    if (reader.pos !== end)
                        throw RangeError("index out of range");
                    reader.len = length;
                }
                return message;
            };

            return Serving;
        })();

        return v1;
    })();

    return capstan;
})();

export { $root as default };
