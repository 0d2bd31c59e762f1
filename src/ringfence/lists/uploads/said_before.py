"""What a member said of the columns of a list, known again of the next file with the same headers.

So nobody says it twice who puts a file right and sends it again.
"""

import msgspec

from ringfence.firms.models import ListUpload
from ringfence.lists.rows.look import FirstLook

from .rights import part_of
from .stages import ListChoice, UploadPart

LATEST = 5
"""Lists of the member that are looked at."""


def with_what_was_said(upload: ListUpload, found: FirstLook) -> FirstLook:
    """The first look at a list, with what its member said last of columns with just these headers.

    Of lists that were saved or taken back nothing is known any more, nor of those that software brought in.
    """
    before = ListUpload.objects.filter(
        firm=upload.firm_id, member=upload.member, kind=upload.kind, token=None
    ).exclude(pk=upload.pk)
    for other in before.order_by("-pk")[:LATEST]:
        meanings = msgspec.convert(other.told, ListChoice).meanings
        look = part_of(other, UploadPart.LOOK, FirstLook) if meanings else None
        if look is not None and (look.headers, look.shape) == (found.headers, found.shape):
            return msgspec.structs.replace(found, meanings=meanings)
    return found
