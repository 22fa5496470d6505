"""What can go wrong with a signing service. Words: `resources/words/*/remote.toml`.

    ServiceTrouble
    └── RemoteServiceTrouble      unreachable, busy, quota used up, odd answer, request refused
    KeyTrouble
    ├── RemoteTrouble             refused by the person, timed out, ended without a reason, credential unusable, account
    │                             refused, way of authorising not offered, closed, wrong signature
    ├── CertificateTrouble (signing.tokens.troubles)
    │   └── RemoteCertificateNotFound, RemoteSeveralCertificates
    └── PinTrouble
        └── RemotePinRejected, RemoteCodeRejected, RemotePinSentBefore, RemotePinEmpty
    WrongUse
    └── AddressNotSecure

`answer` among the facts is what the service itself said, shortened; a cause is never guessed from it.
"""

from __future__ import annotations

from signing.errors import KeyTrouble, PinTrouble, ServiceTrouble, WrongUse
from signing.tokens.troubles import CertificateNotFound, SeveralCertificates


class RemoteServiceTrouble(ServiceTrouble):
    """facts: provider. The next document would meet the same, so a batch stops and can go on later."""

    stops_batch = True


class RemoteUnreachable(RemoteServiceTrouble):
    """facts: provider, host, reason (the kind of network failure)."""

    code = "remote.unreachable"


class RemoteBusy(RemoteServiceTrouble):
    """HTTP 429 or 5xx, or the service's own word for an internal failure. facts: provider, answer."""

    code = "remote.busy"


class RemoteQuotaUsed(RemoteServiceTrouble):
    """facts: provider, answer."""

    code = "remote.quota"


class RemoteAnswerOdd(RemoteServiceTrouble):
    """Not what the interface describes: no JSON, fields missing, too few signatures. facts: provider, answer."""

    code = "remote.answer_odd"


class RemoteRequestRefused(RemoteServiceTrouble):
    """The service does not take the request, for a reason that has no trouble of its own. facts: provider, answer."""

    code = "remote.request_refused"


class RemoteTrouble(KeyTrouble):
    """facts: provider."""

    stops_batch = True


class RemoteRefusedByPerson(RemoteTrouble):
    """The person said no on the phone. Asking for the other documents too would be pestering."""

    code = "remote.refused_by_person"


class RemoteTimedOut(RemoteTrouble):
    """Nobody confirmed in time. facts: provider, seconds."""

    code = "remote.timed_out"


class RemoteEnded(RemoteTrouble):
    """The request ended without a signature, and the service does not say why. facts: provider, answer."""

    code = "remote.ended"


class RemoteCredentialUnusable(RemoteTrouble):
    """The service says that the certificate has expired or was revoked, or that its key is disabled.

    facts: provider, certificate, answer.
    """

    code = "remote.credential_unusable"


class RemoteAccountRefused(RemoteTrouble):
    """facts: provider, answer."""

    code = "remote.account_refused"


class RemoteWayNotOffered(RemoteTrouble):
    """The key asks for an authorisation that this program cannot give. facts: provider, way."""

    code = "remote.way_not_offered"


class RemoteClosed(RemoteTrouble):
    """The key was closed; a new one has to be opened."""

    code = "remote.closed"


class RemoteCertificateNotFound(CertificateNotFound):
    """facts: provider, certificate."""

    code = "remote.certificate_not_found"


class RemoteSeveralCertificates(SeveralCertificates):
    """facts: provider, ids."""

    code = "remote.certificate_several"


class RemoteSignatureWrong(RemoteTrouble):
    """What came back does not fit the certificate; it was thrown away."""

    code = "remote.signature_wrong"


class RemotePinRejected(PinTrouble):
    """facts: provider, answer."""

    code = "remote.pin_rejected"


class RemoteCodeRejected(PinTrouble):
    """The one-time code was wrong or too old. facts: provider, answer."""

    code = "remote.code_rejected"


class RemotePinSentBefore(PinTrouble):
    """This very PIN was refused a moment ago; it was not sent again. facts: provider."""

    code = "remote.pin_sent_before"


class RemotePinEmpty(PinTrouble):
    """facts: provider."""

    code = "remote.pin_empty"


class AddressNotSecure(WrongUse):
    """Secrets travel, so the address must begin with https. facts: address."""

    code = "remote.address_not_secure"
