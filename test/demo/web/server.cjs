// The launcher that a deployer of Node-RED writes: the editor at /, the flows of flows.json below /api, and
// /healthz, which is healthy only if the flow that this release is about really answers.
const { createServer, get } = require('node:http');
const { join } = require('node:path');
const { name: product, version } = require('./release.json');
const nodeRed = require(product);

const port = Number(process.env.PORT);
const server = createServer((request, response) => {
  const notFound = () => response.writeHead(404).end();
  response.setHeader('X-Release', version);
  if (request.url === '/healthz') return answerHealth(response);
  if (!request.url.startsWith('/api/')) return nodeRed.httpAdmin(request, response, notFound);
  request.url = request.url.slice('/api'.length);
  return nodeRed.httpNode(request, response, notFound);
});
// Longer than a load balancer keeps an idle connection, so that it is never the server that closes one in use.
server.keepAliveTimeout = 65_000;

nodeRed.init(server, {
  httpAdminRoot: '/',
  httpNodeRoot: '/api',
  userDir: join(__dirname, 'data'), // a shared folder: it outlives the release
  flowFile: join(__dirname, 'flows.json'),
  credentialSecret: false,
  editorTheme: { projects: { enabled: false }, tours: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  diagnostics: { enabled: false },
  telemetry: { enabled: false },
  logging: { console: { level: 'info' } },
});
nodeRed.start().then(() => {
  server.listen(port, '127.0.0.1', () => console.log(`release ${version} listens on ${port}`));
});

process.on('SIGTERM', () => {
  server.close(async () => {
    await nodeRed.stop();
    process.exit(0);
  });
  server.closeIdleConnections();
});

async function answerHealth(response) {
  const problem = await probeFlow('/api/hello');
  if (problem !== undefined) console.error(`unhealthy: ${problem}`);
  response.writeHead(problem === undefined ? 200 : 500, { 'content-type': 'text/plain' });
  response.end(`${problem ?? 'ok'}\n`);
}

/** What is wrong with a flow of this process, or undefined. */
function probeFlow(path) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 800 }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(
          response.statusCode === 200 ? undefined : `the flow at ${path} answers ${response.statusCode}`,
        ),
      );
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 800 ms')));
    request.on('error', (error) => resolve(`the flow at ${path}: ${error.message}`));
  });
}
