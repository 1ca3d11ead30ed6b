// Original file: proto/capstan/v1/operator.proto

import type { NextRelease as _capstan_v1_NextRelease, NextRelease__Output as _capstan_v1_NextRelease__Output } from '../../capstan/v1/NextRelease.js';
import type { LockView as _capstan_v1_LockView, LockView__Output as _capstan_v1_LockView__Output } from '../../capstan/v1/LockView.js';
import type { WindowView as _capstan_v1_WindowView, WindowView__Output as _capstan_v1_WindowView__Output } from '../../capstan/v1/WindowView.js';

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
  'silent'?: (number);
  'config'?: (number);
  'activeSlot'?: (string);
  'newestConfig'?: (number);
  'next'?: (_capstan_v1_NextRelease | null);
  'lock'?: (_capstan_v1_LockView | null);
  'freeze'?: (_capstan_v1_LockView | null);
  'window'?: (_capstan_v1_WindowView | null);
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
  'silent': (number);
  'config': (number);
  'activeSlot': (string);
  'newestConfig': (number);
  'next': (_capstan_v1_NextRelease__Output | null);
  'lock': (_capstan_v1_LockView__Output | null);
  'freeze': (_capstan_v1_LockView__Output | null);
  'window': (_capstan_v1_WindowView__Output | null);
}
