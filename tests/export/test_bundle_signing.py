"""Keys, and the verifier's own Ed25519 against the library's."""

import stat

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from archive.export.bundle import BundleError
from archive.export.bundle.export import generate_key, public_key, read_key, sign
from archive.export.bundle.verify import signature_holds
from tests.conftest import ROOT
from tests.tables import each_row, rows_from

# RFC 8032, section 7.1: secret key, public key, message, signature.
RFC_8032 = rows_from(__name__, "RFC_8032")


@each_row("RFC_8032")
def test_the_verifier_accepts_the_vectors_of_the_standard(_secret, public, message, signature):
    assert signature_holds(*map(bytes.fromhex, (public, message, signature)))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_the_library_signs_holds(seed, message):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert signature_holds(key.public_key().public_bytes_raw(), message, key.sign(message))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50), st.integers(0, 8 * 96 - 1))
def test_a_bit_changed_in_key_or_signature_is_judged_as_the_library_judges_it(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    whole = bytearray(key.public_key().public_bytes_raw() + key.sign(message))
    whole[bit // 8] ^= 1 << bit % 8
    public, signature = bytes(whole[:32]), bytes(whole[32:])
    assert signature_holds(public, message, signature) is _library_says(public, message, signature) is False


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=20), st.binary(min_size=64, max_size=64))
def test_arbitrary_bytes_are_judged_as_the_library_judges_them(public, message, signature):
    assert signature_holds(public, message, signature) == _library_says(public, message, signature)


def _library_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    ("public", "signature", "remark"),
    [
        (b"", b"", "nothing"),
        (bytes(31), bytes(64), "a key too short"),
        (bytes(32), bytes(63), "a signature too short"),
        (b"\xff" * 32, bytes(64), "no point of the curve"),
        (bytes.fromhex(RFC_8032[0][1]), bytes(32) + b"\xff" * 32, "a scalar beyond the order"),
    ],
)
def test_what_is_no_key_or_signature_does_not_hold(public, signature, remark):
    assert not signature_holds(public, b"", signature), remark


def test_a_signature_with_the_order_added_to_its_scalar_does_not_hold():
    """Else a signature could be changed without the key (RFC 8032, section 8.4)."""
    from archive.export.bundle.verify import ORDER

    public, message, signature = map(bytes.fromhex, RFC_8032[1][1:])
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_holds(public, message, signature[:32] + scalar.to_bytes(32, "little"))


def test_a_new_key_is_for_its_owner_alone_and_signs(tmp_path):
    path = tmp_path / "key"
    public = generate_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = read_key(path)
    assert public_key(key) == public
    assert signature_holds(bytes.fromhex(public), b"words", bytes.fromhex(sign(key, b"words")))


def test_a_key_is_never_written_over_another_file(tmp_path):
    path = tmp_path / "key"
    path.write_text("mine")
    with pytest.raises(BundleError, match="已存在"):
        generate_key(path)
    assert path.read_text() == "mine"


def test_a_key_is_not_written_into_the_programs_folder():
    with pytest.raises(BundleError, match="程序文件夹"):
        generate_key(ROOT / "archive" / "bundle" / "key")
    assert not (ROOT / "archive" / "bundle" / "key").exists()


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "key"
    generate_key(path)
    path.chmod(0o644)
    with pytest.raises(BundleError, match="chmod 600"):
        read_key(path)


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BundleError, match="PEM"):
        read_key(path)


def test_a_key_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(BundleError, match="generate_key"):
        read_key(tmp_path / "none")


def test_the_command_prints_the_public_key_alone(tmp_path, capsys):
    call_command("generate_key", str(tmp_path / "key"))
    assert capsys.readouterr().out.strip() == public_key(read_key(tmp_path / "key"))


def test_the_command_refuses_in_words(tmp_path):
    with pytest.raises(CommandError, match="写不出"):
        call_command("generate_key", str(tmp_path / "none" / "key"))
