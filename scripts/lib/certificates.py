"""Certificates for services of a script's own: an authority that nobody else knows, and a server that it vouches for."""

import subprocess
from pathlib import Path

from sections import CannotRun
from tools import debian_tool

DAYS = "2"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Certificates:
    """Files in a folder: `authority` for SSL_CERT_FILE of whoever calls, `certificate` and `key` for the server.

    They are made once, for the address 127.0.0.1 and no name: who calls the server `localhost` calls somebody else.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.authority = self.folder / "authority.pem"
        self.certificate = self.folder / "server.pem"
        self.key = self.folder / "server.key"

    def make(self):
        """Makes them, unless they are there."""
        if self.certificate.exists():
            return
        (self.folder / "names").write_text("subjectAltName = IP:127.0.0.1\n")
        self._openssl("req", "-x509", *KEY, "-days", DAYS, "-keyout", "authority.key", "-out", self.authority.name,
                      "-subj", "/CN=authority")
        self._openssl("req", *KEY, "-keyout", self.key.name, "-out", "server.csr", "-subj", "/CN=server")
        self._openssl("x509", "-req", "-in", "server.csr", "-CA", self.authority.name, "-CAkey", "authority.key",
                      "-CAcreateserial", "-days", DAYS, "-extfile", "names", "-out", self.certificate.name)

    def _openssl(self, *words):
        done = subprocess.run([debian_tool("openssl", "openssl"), *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, check=False)
        if done.returncode != 0:
            raise CannotRun(f"openssl {words[0]} failed: {done.stderr[-1000:]}")
