"""Passwords that are tried first, in lower case: whole, and between other signs."""

from __future__ import annotations

from typing import Final

__all__ = ["COMMON"]

_WHOLE: Final = """
1q2w3e4r5t6z 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5y6 q1w2e3r4t5z6 zaq12wsxcde3
qwertyuiop123 qwertzuiop123 asdfghjkl123 qwertyuiopas qwertzuiopas asdfghjklzxc
yxcvbnmasdfgh zxcvbnmasdfgh qazwsxedcrfv 123qweasdzxc 123456qwerty qwerty123456
123456abcdef abcdef123456 abc123abc123 123abc123abc 112233445566 121212121212
123123123123 123456123456 012345012345 passwordpassword passwordadmin
adminpassword rootpassword passwordroot adminadminadmin testtesttest
changemechangeme letmeinletmein iloveyouiloveyou correcthorsebatterystaple
trustno1trustno1 welcomewelcome secretsecret mypasswordis123 thisismypassword
"""
_WORDS: Final = """
password passwort passwd passphrase kennwort secret geheim admin administrator
root toor system manager operator superuser supervisor default changeme changeit
letmein welcome willkommen qwerty qwertz azerty qwertyuiop qwertzuiop asdfgh
asdfghjkl zxcvbnm yxcvbnm iloveyou monkey dragon football baseball sunshine
princess master shadow superman batman starwars hello hallo login guest test
testing computer internet server datacenter monitoring summer winter spring
autumn sommer herbst fruehling january february march april june july august
september october november december company meter energy electricity
motdepasse contrasena wachtwoord
"""

#: A word of these with digits and signs around it is refused as well.
COMMON: Final = frozenset([*_WHOLE.split(), *_WORDS.split()])
