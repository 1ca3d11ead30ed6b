/**
 * Loaded into a program before it starts: writes how many bytes of HTTP bodies it has received, a line for each piece, to
 * the end of the file that CAPSTAN_COUNT_FILE names. A program that is killed cannot tell afterwards.
 */
const { openSync, writeSync } = require('node:fs');
const { IncomingMessage } = require('node:http');

const file = openSync(process.env.CAPSTAN_COUNT_FILE, 'a');
const { push } = IncomingMessage.prototype;
IncomingMessage.prototype.push = function (piece, ...rest) {
  if (piece !== null) writeSync(file, `${piece.length}\n`);
  return push.call(this, piece, ...rest);
};
