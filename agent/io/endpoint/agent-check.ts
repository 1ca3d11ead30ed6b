import { createServer, type Socket } from 'node:net';
import { agentCheckLine } from '../../core/opinion.js';
import { type Endpoint, limitConnections, listen, type OpinionSource, plainAddress } from './listen.js';

/** HAProxy asks at once and waits for its `agent-inter`, two seconds by default. */
const limitMs = 2_000;
/** The name of an application is far shorter. */
const maxQuestion = 256;

/** Before the name of an application: the question is about the group that takes no requests. */
const staging = 'staging/';

/** Of what is not known here: HAProxy goes on thinking of the server as before. (Without a line it would log a failure.) */
const noOpinion = '\n';

/**
 * Answers HAProxy's agent-check: the question is the name of an application on a line, which HAProxy sends as
 * `agent-send "web\n"`, or `staging/` and the name; the answer is a line, and the end of the connection.
 * @throws CapstanError `failed` if the address cannot be listened on
 */
export async function openAgentCheck(
  at: { readonly host: string; readonly port: number },
  source: OpinionSource,
): Promise<Endpoint> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
    });
    converse(socket, source);
  });
  limitConnections(server);
  return {
    address: await listen(server, at, '--agent-check'),
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}

function converse(socket: Socket, { opinion, stagingOpinion, answered }: OpinionSource): void {
  // From beginning to end, so that nobody keeps a connection by sending a byte now and then.
  const limit = setTimeout(() => {
    socket.destroy();
  }, limitMs);
  socket.once('close', () => {
    clearTimeout(limit);
  });
  socket.on('error', () => {
    socket.destroy();
  });
  const from = plainAddress(socket.remoteAddress);
  let question = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    question += chunk;
    const [app = '', ...more] = question.split(/\r?\n/);
    if (more.length === 0 && question.length <= maxQuestion) return;
    // One question a connection. What comes after it is thrown away, so that the end of the connection is seen.
    socket.removeAllListeners('data').resume();
    const tested = app.startsWith(staging) ? app.slice(staging.length) : undefined;
    const found = tested === undefined ? opinion(app) : stagingOpinion(tested);
    socket.end(found === undefined ? noOpinion : agentCheckLine(found), () => {
      if (found !== undefined && tested === undefined)
        answered(app, { from, by: 'agentCheck', wanted: found.kind === 'ready' });
    });
  });
}
