/** `connected`: a poll is held or was within 10 s; `silent`: the stream closed; `lost`: silent for too long. */
export type Liveness = 'connected' | 'silent' | 'lost';
