// Original file: proto/capstan/v1/operator.proto

import type { NextRelease as _capstan_v1_NextRelease, NextRelease__Output as _capstan_v1_NextRelease__Output } from '../../capstan/v1/NextRelease.js';

export interface EnvironmentStatus {
  'app'?: (string);
  'env'?: (string);
  'version'?: (string);
  'digest'?: (string);
  'total'?: (number);
  'healthy'?: (number);
  'unhealthy'?: (number);
  'lost'?: (number);
  'rollout'?: (string);
  'rolloutStatus'?: (string);
  'versions'?: ({[key: string]: number});
  'problems'?: (string)[];
  'config'?: (number);
  'activeSlot'?: (string);
  'newestConfig'?: (number);
  'next'?: (_capstan_v1_NextRelease | null);
}

export interface EnvironmentStatus__Output {
  'app': (string);
  'env': (string);
  'version': (string);
  'digest': (string);
  'total': (number);
  'healthy': (number);
  'unhealthy': (number);
  'lost': (number);
  'rollout': (string);
  'rolloutStatus': (string);
  'versions': ({[key: string]: number});
  'problems': (string)[];
  'config': (number);
  'activeSlot': (string);
  'newestConfig': (number);
  'next': (_capstan_v1_NextRelease__Output | null);
}
