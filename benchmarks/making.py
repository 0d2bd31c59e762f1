"""Makes the big firm in an empty database: `python -m benchmarks.making DATABASE SIZE`, SIZE as JSON.

In a process of its own, so that the firm is written as the build whose sources it runs would have it.
"""

import sys

import msgspec

from tests.support.databases import migrate

from .bigfirm import BigFirm, Size


def main(url: str, size: Size) -> None:
    migrate(url)
    firm = BigFirm(size)
    sys.stdout.buffer.write(msgspec.json.encode([firm.clients, firm.write(url)]))


if __name__ == "__main__":
    main(sys.argv[1], msgspec.json.decode(sys.argv[2], type=Size))
