// The launcher that a deployer of Node-RED writes: the editor at /, the flows of flows.json below /api, and
// /healthz, which is healthy only if the flow that this release is about really answers.
const { createServer, get } = require('node:http');
const { join } = require('node:path');
const express = require('express');
const { name: product, version } = require('./release.json');
const nodeRed = require(product);

const port = Number(process.env.PORT);
const app = express();
const server = createServer(app);
// Longer than a load balancer keeps an idle connection, so that it is never the server that closes one in use.
server.keepAliveTimeout = 65_000;

app.use((_request, response, next) => {
  response.set('X-Release', version);
  next();
});
app.get('/healthz', async (_request, response) => {
  const problem = await probeFlow('/api/hello');
  if (problem !== undefined) console.error(`unhealthy: ${problem}`);
  response
    .status(problem === undefined ? 200 : 500)
    .type('text/plain')
    .send(`${problem ?? 'ok'}\n`);
});

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
app.use('/api', nodeRed.httpNode);
app.use('/', nodeRed.httpAdmin);

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
