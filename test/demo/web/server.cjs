// The launcher that a deployer of json-server writes: its pages at /, the records of data/db.json below the prefix
// that routes.json gives, and /healthz, which is healthy only if the records can really be read there.
const { copyFileSync, constants } = require('node:fs');
const { createServer, get } = require('node:http');
const { join } = require('node:path');
const { name: product, version } = require('./release.json');
const routes = require('./routes.json');
const jsonServer = require(product);

const port = Number(process.env.PORT);
const database = join(__dirname, 'data', 'db.json'); // in a shared folder: it outlives the release
try {
  copyFileSync(join(__dirname, 'seed.json'), database, constants.COPYFILE_EXCL);
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
}

const app = jsonServer.create();
app.use((_request, response, next) => {
  response.setHeader('X-Release', version);
  next();
});
let stopping = false;
let complaint;
app.get('/healthz', async (_request, response) => {
  const problem = stopping ? 'it is stopping' : await probe('/api/greetings/1');
  if (problem !== complaint) console.error(problem === undefined ? 'healthy' : `unhealthy: ${problem}`);
  complaint = problem;
  response
    .status(problem === undefined ? 200 : 500)
    .type('text/plain')
    .send(`${problem ?? 'ok'}\n`);
});
app.use(jsonServer.defaults({ logger: false }));
app.use(jsonServer.rewriter(routes));
app.use(jsonServer.router(database));

const server = createServer(app);
// Longer than a load balancer keeps an idle connection, so that it is never the server that closes one in use.
server.keepAliveTimeout = 65_000;
server.listen(port, '127.0.0.1', () => console.log(`release ${version} listens on ${port}`));

process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

/** What is wrong with a path of this server, or undefined. */
function probe(path) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 800 }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(response.statusCode === 200 ? undefined : `GET ${path} answers ${response.statusCode}`),
      );
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 800 ms')));
    request.on('error', (error) => resolve(`GET ${path}: ${error.message}`));
  });
}
