"""Names of the files inside archives, whose encoding most archives do not say."""

OEM_FRENCH = "cp850"
"""Code page of the command line and of the archives of a French Windows."""
WINDOWS_WESTERN = "cp1252"
ZIP_DEFAULT = "cp437"
"""What a ZIP without the flag is in (APPNOTE.TXT, appendix D)."""
FRENCH_SMALL_LETTERS = frozenset("àâäæçéèêëîïôöœùûüÿñ")
FRENCH_SIGNS = FRENCH_SMALL_LETTERS | frozenset("ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸÑ«»°’–…€ªº²³µ§")
"""What French writes outside ASCII."""
UTF8_FLAG = 0x800
"""Bit 11 of the flags of a ZIP entry: its name is in UTF-8."""


def name_of(written: bytes) -> str:
    """The name that these bytes most probably are.

    UTF-8 is hardly ever valid by chance: what is valid is UTF-8. Otherwise it is the code page of a French Windows
    under which every sign outside ASCII is one that French writes, the most of them small letters; where there is none,
    the code page that the format of ZIP says.
    """
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        pass
    names = [written.decode(encoding, "replace") for encoding in (OEM_FRENCH, WINDOWS_WESTERN)]
    french = [name for name in names if all(sign.isascii() or sign in FRENCH_SIGNS for sign in name)]
    return max(french, key=_small_letters) if french else written.decode(ZIP_DEFAULT)


def zip_name(read: str, flags: int) -> str:
    """The name of a ZIP entry that was ``read`` by the rule of the format: UTF-8 with the flag, cp437 without."""
    if flags & UTF8_FLAG:
        return read
    try:
        return name_of(read.encode(ZIP_DEFAULT))
    except UnicodeEncodeError:  # the entry says its name a second time, in UTF-8 (extra field 0x7075)
        return read


def _small_letters(name: str) -> int:
    return sum(letter in FRENCH_SMALL_LETTERS for letter in name)
