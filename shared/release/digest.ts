import { hash } from 'node:crypto';
import type { Digest } from '../model/ids.js';

/** 64 lower-case hexadecimal digits: a SHA-256 as the release format writes it. */
export type Hex = string;

const hexPattern = /^[0-9a-f]{64}$/;
export const isHex = (value: unknown): value is Hex => typeof value === 'string' && hexPattern.test(value);

export const sha256 = (bytes: Uint8Array): Hex => hash('sha256', bytes, 'hex');

/** The SHA-256 of nothing. */
export const emptyHex: Hex = sha256(new Uint8Array());

export const digestOf = (hex: Hex): Digest => `sha256:${hex}` as Digest;
export const hexOf = (digest: Digest): Hex => digest.slice('sha256:'.length);
