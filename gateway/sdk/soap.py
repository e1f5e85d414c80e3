"""SOAP on our own HTTP client: the leash, the tokens, the limits and the errors are the same as for REST.

::

    service = SoapService(
        http=context.http, bundle=bundle_of("gateway_acme", "wsdl"), wsdl="acme.wsdl",
        binding="{http://acme.example/}Basic", path="acme/service.svc",
    )
    answer = service.ask("GetPerson", id=4)

The description and its schemas come with the plugin: nothing is fetched, whatever they or an answer refer to. What
comes in passes ``gateway.sdk.xmlio`` before the SOAP library sees it. The library is imported at the first call.

=======================================================  ===========================================================
what happened                                            what is raised
=======================================================  ===========================================================
the system answers with a fault                          ``SoapFault`` (``Refused``): ``soap.fault``
a fault that is the server's own, without a detail       ``Unreachable``: ``soap.server`` (a write: ``Uncertain``)
an answer that the description does not know             ``Refused``: ``soap.answer`` (a write: ``Uncertain``)
arguments that the description does not know             ``Refused``: ``soap.request``
a description that is wrong or refers to what is not     ``Misconfigured``: ``soap.description``
there, an operation that is not in it
=======================================================  ===========================================================
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gateway.core.model import Fault
from gateway.sdk import xmlio
from gateway.sdk.errors import Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.http import HttpClient, Response

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOT = "file:///bundle/"
"""Where the library is told that the description lies, so that what stands beside it is asked for below that."""
_XML = frozenset({"text/xml", "application/soap+xml", "application/xml"})


class SoapFault(Refused):
    """The system's own no. ``name`` is the local name of the fault's detail, or of its code where it has none.

    ``detail`` is the fault's detail as it came, for the adapter that knows what may stand there. It can hold anything:
    take codes from it, and neither keep nor show the rest.
    """

    def __init__(self, *, name: str, detail: "_Element | None") -> None:
        super().__init__("soap.fault")
        self.name = name
        self.detail = detail

    def text(self, name: str) -> str | None:
        """The text of the first element with that local name in the detail."""
        if self.detail is None:
            return None
        return next((one.text for one in self.detail.iter() if _local(one) == name), None)


class SoapService:
    """One SOAP interface of a system.

    ``bundle`` holds the description and its schemas by name, ``wsdl`` names the description, ``binding`` is the
    binding's qualified name. ``path`` is put after the client's ``url``. ``strict`` wants answers to be just as
    described; most services' are not.
    """

    def __init__(
        self,
        *,
        http: HttpClient,
        bundle: Mapping[str, bytes],
        wsdl: str,
        binding: str,
        path: str = "",
        strict: bool = False,
    ) -> None:
        self._http, self._bundle, self._wsdl, self._binding = http, bundle, wsdl, binding
        self._path, self._strict = path, strict
        self._lock = threading.Lock()
        self._opened: Any = None

    def ask(self, operation: str, /, **arguments: Any) -> Any:
        """Call an operation that has no effect; its answer as plain values. Raises ``AdapterError``."""
        return self._call(operation, arguments, asks=True)

    def tell(self, operation: str, /, **arguments: Any) -> Any:
        """Call an operation that has an effect; its answer as plain values. Raises ``AdapterError``."""
        return self._call(operation, arguments, asks=False)

    def _call(self, operation: str, arguments: Mapping[str, Any], *, asks: bool) -> Any:
        client = self._client()
        from zeep.exceptions import Error  # noqa: PLC0415 - see the top
        from zeep.helpers import serialize_object  # noqa: PLC0415

        try:
            binding = client.wsdl.bindings[self._binding]
            described = binding.get(operation)
        except (Error, KeyError, ValueError):
            raise Misconfigured("soap.description") from None
        url = f"{self._http.url}/{self._path.lstrip('/')}".rstrip("/")
        try:
            envelope, headers = binding._create(  # noqa: SLF001 - the library has no public way to make without sending
                operation, (), dict(arguments), client=client, options={"address": url}
            )
        except (Error, TypeError, ValueError, AttributeError, LookupError):
            raise Refused("soap.request") from None
        response = self._sent(url, envelope, headers, asks=asks)
        try:
            body = self._body(response)
        except Fault:
            raise _unusable(response, asks=asks) from None
        if (fault := _fault(body)) is not None:
            raise _told(fault, asks=asks)
        if response.status >= 400:
            raise _unusable(response, asks=asks)
        try:
            plain: Callable[..., Any] = serialize_object
            return plain(described.process_reply(body), dict)
        except (Error, TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
            raise _doubtful("soap.answer", asks=asks) from None

    def _sent(self, url: str, envelope: Any, headers: Mapping[str, str], *, asks: bool) -> Response:
        from lxml import etree  # noqa: PLC0415

        content = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        # A fault comes with 500 (SOAP 1.1) or 400 (SOAP 1.2); what else has these is judged by its body.
        return self._http.request("POST", url, content=content, headers=headers, asks=asks, accept=(400, 500))

    def _body(self, response: Response) -> "_Element":
        """The answer's envelope. Raises ``Fault`` where there is none."""
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in _XML:
            raise Fault("xml.root", "1:1")
        root = xmlio.parse(response.body)
        if _local(root) != "Envelope":
            raise Fault("xml.root", "1:1")
        return root

    def _client(self) -> Any:
        if self._opened is not None:
            return self._opened
        with self._lock:
            if self._opened is None:
                self._opened = _opened(self._bundle, self._wsdl, strict=self._strict)
            return self._opened


def bundle_of(package: str, folder: str) -> dict[str, bytes]:
    """The files of a folder in a plugin's package, by name. Raises ``Misconfigured`` (``soap.description``)."""
    from importlib.resources import files  # noqa: PLC0415

    try:
        return {one.name: one.read_bytes() for one in (files(package) / folder).iterdir() if one.is_file()}
    except (OSError, ModuleNotFoundError):
        raise Misconfigured("soap.description") from None


def _opened(bundle: Mapping[str, bytes], wsdl: str, *, strict: bool) -> Any:
    """The library's client: made of the bundle alone. Raises ``Misconfigured`` (``soap.description``)."""
    import zeep  # noqa: PLC0415 - half a second
    from zeep.transports import Transport  # noqa: PLC0415

    # The library logs whole messages.
    logging.getLogger("zeep").setLevel(logging.CRITICAL)
    # It takes a value that is none of its type for an absent one, and says so in its log alone.
    for name in ("zeep.xsd.types.simple", "zeep.xsd.elements.attribute"):
        said = logging.getLogger(name)
        said.setLevel(logging.ERROR)
        said.addFilter(_loudly)

    class Bundled(Transport):
        """Loads from the bundle, and sends nothing: what goes out goes by our own client."""

        def __init__(self) -> None:
            self._close_session = False
            self.logger = logging.getLogger("zeep")

        def load(self, url: str) -> bytes:
            name = url.removeprefix(_ROOT)
            if not url.startswith(_ROOT) or name not in bundle or urlsplit(url).query:
                raise Misconfigured("soap.description")
            xmlio.parse(bundle[name])
            return bundle[name]

        def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> None:
            raise Misconfigured("soap.description")

        get = post

    settings = zeep.Settings(strict=strict, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    made: Callable[..., Any] = zeep.Client
    try:
        return made(_ROOT + wsdl, transport=Bundled(), settings=settings)
    except Exception:  # noqa: BLE001 - whatever a description does to the library, it is the description that is wrong
        raise Misconfigured("soap.description") from None


def _loudly(record: logging.LogRecord) -> bool:
    """A filter that lets no record through: it stops what was about to be passed over. Raises ``ValueError``."""
    raise ValueError(record.levelname)


def _fault(envelope: "_Element") -> "_Element | None":
    for body in envelope:
        if _local(body) == "Body":
            return next((one for one in body if _local(one) == "Fault"), None)
    return None


def _told(fault: "_Element", *, asks: bool) -> Exception:
    detail = next((one for one in fault if _local(one).lower() == "detail"), None)
    inner = next(iter(detail), None) if detail is not None else None
    code = next((one for one in fault.iter() if _local(one) in {"faultcode", "Value"}), None)
    named = ((code.text or "") if code is not None else "").strip().rpartition(":")[2]
    if inner is None and named.partition(".")[0] in {"Server", "Receiver"}:
        return _waits("soap.server", asks=asks)
    return SoapFault(name=_local(inner) if inner is not None else named, detail=detail)


def _unusable(response: Response, *, asks: bool) -> Exception:
    """An answer that is no envelope: by its status as the HTTP client tells it, else by what it is not."""
    if response.status == 400:
        return Refused(f"http.{response.status}")
    if response.status == 500:
        return _waits(f"http.{response.status}", asks=asks)
    return _doubtful("soap.answer", asks=asks)


def _waits(code: str, *, asks: bool) -> Unreachable:
    return Unreachable(code) if asks else Uncertain(code)


def _doubtful(code: str, *, asks: bool) -> Exception:
    return Refused(code) if asks else Uncertain(code)


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
