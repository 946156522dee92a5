"""The link under `smpp`: a socket, its TLS, and the parcels of the protocol."""

import logging
import select
import socket
import ssl
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from bawaba.configuration import UnclearSetting, split_address
from bawaba.infrastructure.messaging.wake import Bell

CONNECT_SECONDS = 5.0
OPERATION_SECONDS = 10.0
LARGEST_PARCEL = 65_536
LENGTH = 4
HEADER = 16
ALPHANUMERIC, INTERNATIONAL, ISDN = 5, 1, 1
LOG = "smpplib.bawaba"
BROKEN = (OSError, exceptions.ConnectionError, exceptions.PDUError, exceptions.UnknownCommandError, struct.error)


class Lost(Exception):
    """The link is gone, or says what is no SMPP."""


@dataclass(frozen=True)
class SmppServer:
    host: str
    port: int
    user: str
    password: str
    tls: bool


class SmppLink:
    """One bind. Every method raises `Lost` when there is no link (any more)."""

    def __init__(self, server: SmppServer, context: ssl.SSLContext) -> None:
        logging.getLogger(LOG).disabled = True  # it writes every parcel, and with it every code
        self._server = server
        self._context = context
        self._socket: socket.socket | None = None
        self._read = bytearray()
        self._client = Client(server.host, server.port, logger_name=LOG, allow_unknown_opt_params=True)

    def bind(self) -> int:
        """Connects and binds. Returns the status of the answer, 0 for a good one. Raises `ssl.SSLError` as well."""
        try:
            self._socket = socket.create_connection((self._server.host, self._server.port), CONNECT_SECONDS)
            self._socket.settimeout(OPERATION_SECONDS)
            if self._server.tls:
                self._socket = self._context.wrap_socket(self._socket, server_hostname=self._server.host)
        except ssl.SSLError:
            raise
        except OSError as error:
            raise Lost from error
        self._client._socket = self._socket  # noqa: SLF001 its own way of connecting knows no host name for TLS
        self._client.state = consts.SMPP_CLIENT_STATE_OPEN
        try:
            self._client.send_pdu(
                smpp.make_pdu(
                    "bind_transceiver",
                    client=self._client,
                    system_id=self._server.user,
                    password=self._server.password,
                )
            )
            return int(self._client.read_pdu().status)
        except BROKEN as error:
            raise Lost from error

    def submission(self, *, source: str, number: str, text: bytes, coding: int, esm: int) -> Any:
        return smpp.make_pdu(
            "submit_sm",
            client=self._client,
            source_addr_ton=ALPHANUMERIC,
            source_addr=source,
            dest_addr_ton=INTERNATIONAL,
            dest_addr_npi=ISDN,
            destination_addr=number,
            short_message=text,
            data_coding=coding,
            esm_class=esm,
            registered_delivery=1,
        )

    def send(self, pdu: Any) -> None:
        try:
            self._client.send_pdu(pdu)
        except BROKEN as error:
            raise Lost from error

    def answer(self, pdu: Any, command: str) -> None:
        answer = smpp.make_pdu(command, client=self._client)
        answer.sequence = pdu.sequence
        self.send(answer)

    def enquire(self) -> None:
        self.send(smpp.make_pdu("enquire_link", client=self._client))

    def unbind(self) -> None:
        with suppress(Lost):
            self.send(smpp.make_pdu("unbind", client=self._client))

    def wait(self, bell: Bell, seconds: float) -> None:
        """Until a parcel or a ring, or the time is over."""
        if self._socket is None:
            raise Lost
        held_back = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        if not held_back:
            bell.wait_for(seconds, [self._socket.fileno()])

    def read(self) -> list[Any]:
        """The whole parcels that have come. Half a parcel waits for its rest."""
        if self._socket is None:
            raise Lost
        while select.select([self._socket], [], [], 0)[0] or _pending(self._socket):
            try:
                piece = self._socket.recv(LARGEST_PARCEL)
            except OSError as error:
                raise Lost from error
            if not piece:
                raise Lost
            self._read += piece
            if len(self._read) > LARGEST_PARCEL:
                break
        return self._parcels()

    def close(self) -> None:
        self._client._socket = None  # noqa: SLF001 as above; the library would write a warning otherwise
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    def _parcels(self) -> list[Any]:
        parcels: list[Any] = []
        while len(self._read) >= LENGTH:
            length = int.from_bytes(self._read[:LENGTH])
            if not HEADER <= length <= LARGEST_PARCEL:
                raise Lost
            if len(self._read) < length:
                break
            raw = bytes(self._read[:length])
            del self._read[:length]
            try:
                parcels.append(smpp.parse_pdu(raw, client=self._client, allow_unknown_opt_params=True))
            except BROKEN as error:
                raise Lost from error
        return parcels


def parse(url: str) -> SmppServer:
    """The server of the setting. Raises `UnclearSetting`, which does not show the address."""
    name = "BAWABA_SMS_SMPP_URL"
    parts = split_address(name, url)
    if parts.scheme not in ("smpp", "smpps") or not parts.hostname or not parts.username:
        raise UnclearSetting(name, "must be smpp://user:password@host:2775 or smpps://…")
    return SmppServer(
        host=parts.hostname,
        port=parts.port or 2775,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smpps",
    )


def _pending(link: socket.socket) -> bool:
    return isinstance(link, ssl.SSLSocket) and link.pending() > 0
