"""An SFTP server on loopback that others made (asyncssh's), with a folder of ours behind it and faults on order."""

import asyncio
import contextlib
import threading
from pathlib import Path

import asyncssh

KEY = asyncssh.generate_private_key("ssh-ed25519")
OTHER_KEY = asyncssh.generate_private_key("ssh-ed25519")
LOGIN = asyncssh.generate_private_key("ssh-ed25519")
PASSWORD = "hemmelig passord"


def public(key):
    return key.export_public_key("openssh").decode().strip()


class Gate(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("bti", PASSWORD)

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        return username == "bti" and key.get_fingerprint() == LOGIN.get_fingerprint()


class Files(asyncssh.SFTPServer):
    """The folder, and what goes wrong with it: each of ``bench.faults`` is a function that is called before its act."""

    bench = None

    def __init__(self, chan):
        self.chan = chan
        super().__init__(chan, chroot=str(self.bench.folder).encode())

    def _before(self, act, *what):
        self.bench.acts.append(act)
        fault = self.bench.faults.get(act)
        if fault is not None:
            return fault(self, *what)
        return None

    def read(self, file_obj, offset, size):
        told = self._before("read", file_obj, offset, size)
        return super().read(file_obj, offset, size) if told is None else told

    def rename(self, oldpath, newpath):
        self._before("rename", oldpath, newpath)
        return super().rename(oldpath, newpath)

    async def scandir(self, path):
        for name in self._before("scandir", path) or ():
            yield asyncssh.SFTPName(name, b"", asyncssh.SFTPAttrs(permissions=0o100644, size=5, mtime=1_000))
        async for one in super().scandir(path):
            yield one


class SftpBench:
    """``with SftpBench(folder) as bench``: ``bench.options`` are the adapter's for it."""

    def __init__(self, folder, key=KEY):
        self.folder = Path(folder)
        self.key = key
        self.acts = []
        self.faults = {}
        self.sessions = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._connections = []

    def __enter__(self):
        self._thread.start()
        self.listen(0)
        return self

    def listen(self, port):
        files = type("Own", (Files,), {"bench": self})

        async def begin():
            return await asyncssh.listen(
                "127.0.0.1", port, server_factory=self._gate, server_host_keys=[self.key], sftp_factory=files,
                allow_scp=False, login_timeout=5, keepalive_interval=0,
            )  # fmt: skip

        self._server = self._do(begin())
        self.port = self._server.get_port()

    def _gate(self):
        bench = self

        class Counted(Gate):
            def connection_made(self, conn):
                bench.sessions += 1
                bench._connections.append(conn)

        return Counted()

    def drop(self):
        """All connections break."""
        for one in self._connections:
            self._loop.call_soon_threadsafe(one.abort)
        self._connections = []

    def stop_listening(self):
        async def stop():
            self._server.close()
            await self._server.wait_closed()

        self._do(stop())

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def __exit__(self, *error):
        self.drop()
        with contextlib.suppress(Exception):
            self.stop_listening()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def options(self, **more):
        told = {"host": "127.0.0.1", "port": self.port, "user": "bti", "host_keys": [public(KEY)]}
        return told | more
