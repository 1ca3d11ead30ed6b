"""OpenStack Swift with its S3 interface, all of it in one process, below one folder: account, container, object and proxy
server on free ports. Prints the proxy's port, and ends with its standard input.

Needs Debian's python3-swift with swift-proxy, swift-account, swift-container and swift-object; starts none of their services.
"""
import array
import os
import pickle
import sys
from contextlib import closing
from gzip import GzipFile

import eventlet

eventlet.monkey_patch()

from eventlet import listen, spawn, wsgi  # noqa: E402
from swift.account import server as account_server  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.middleware import bulk, catch_errors, copy, listing_formats, slo, tempauth  # noqa: E402
from swift.common.middleware.s3api import s3api  # noqa: E402
from swift.common.ring import RingData  # noqa: E402
from swift.common.storage_policy import StoragePolicy, StoragePolicyCollection  # noqa: E402
from swift.common import storage_policy  # noqa: E402
from swift.container import server as container_server  # noqa: E402
from swift.obj import server as object_server  # noqa: E402
from swift.proxy import server as proxy_server  # noqa: E402

ROOT, USER, SECRET = sys.argv[1:4]
DEVICE = 'disk'

utils.HASH_PATH_SUFFIX = b'capstan'
utils.HASH_PATH_PREFIX = b''


class Cache:
    """What memcached would remember, for as long as this process lives."""

    def __init__(self):
        self.values = {}

    def get(self, key, *_args, **_options):
        return self.values.get(key)

    def set(self, key, value, *_args, **_options):
        self.values[key] = value

    def incr(self, key, delta=1, *_args, **_options):
        self.values[key] = int(self.values.get(key) or 0) + delta
        return self.values[key]

    def delete(self, key, *_args, **_options):
        self.values.pop(key, None)


class Silent:
    """A file for logs that nobody reads."""

    def write(self, _text):
        pass

    def flush(self):
        pass


def write_ring(name, port):
    device = {'id': 0, 'region': 1, 'zone': 1, 'weight': 1.0, 'device': DEVICE, 'meta': '',
              'ip': '127.0.0.1', 'port': port,
              'replication_ip': '127.0.0.1', 'replication_port': port}
    with closing(GzipFile(os.path.join(ROOT, name + '.ring.gz'), 'wb')) as ring:
        pickle.dump(RingData([array.array('H', [0, 0])], [device], 31), ring)


def serve(socket, app):
    spawn(wsgi.server, socket, app, Silent())


def main():
    os.makedirs(os.path.join(ROOT, 'devices', DEVICE), exist_ok=True)
    conf = {'devices': os.path.join(ROOT, 'devices'), 'swift_dir': ROOT, 'mount_check': 'false',
            'disable_fallocate': 'true', 'allow_account_management': 'true', 'account_autocreate': 'true',
            'log_statsd_host': ''}
    storage_policy._POLICIES = StoragePolicyCollection([StoragePolicy(0, 'default', True)])
    servers = {'account': account_server.AccountController,
               'container': container_server.ContainerController,
               'object': object_server.ObjectController}
    for name, controller in servers.items():
        socket = listen(('127.0.0.1', 0))
        write_ring(name, socket.getsockname()[1])
        serve(socket, controller(conf))
    proxy = listen(('127.0.0.1', 0))
    app = proxy_server.Application(conf)
    account, user = USER.split(':')
    filters = [
        (slo.filter_factory, {}),
        (copy.filter_factory, {}),
        (bulk.filter_factory, {}),
        (tempauth.filter_factory, {'user_%s_%s' % (account, user): SECRET + ' .admin'}),
        (s3api.filter_factory, {'s3_acl': 'false'}),
        (listing_formats.filter_factory, {}),
        (catch_errors.filter_factory, {}),
    ]
    for factory, options in filters:
        app = factory(dict(conf, **options))(app)
    cache = Cache()

    def with_cache(environ, start_response):
        environ['swift.cache'] = cache
        return app(environ, start_response)

    serve(proxy, with_cache)
    print(proxy.getsockname()[1], flush=True)
    eventlet.tpool.execute(sys.stdin.read)


main()
