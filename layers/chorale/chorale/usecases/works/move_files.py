"""The billing files of a contract follow its amendments, each file at a time (rule 27)."""

from datetime import datetime

from chorale.domain.works.amendments import moved
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.works.act_on_paper import TRIES
from chorale.usecases.works.reach import RULES


def move_files(contract_id: int, now: datetime) -> int:
    """Let every file that has not done so yet follow the amendments of its contract; how many did.

    The amendment is written with the list of its files, and each file with the note that it has followed: whoever comes
    next, by the event of the contract or with another amendment, takes up what was left. Raises FileChanged when others
    are faster again and again.
    """
    count = lost = 0
    while waiting := contracts.moves(contract_id):
        move = waiting[0]
        after = waiting[1].before if len(waiting) > 1 else contracts.known(contract_id)
        file_id = min(move.files)
        file = works.get(file_id)
        assert file is not None
        follows = moved(file, move.before, after, now, RULES)
        note = contracts.followed(move, file_id)
        try:
            works.save([works.Change(file, follows, after, (note,), was=move.before)], now)
        except works.FileChanged:
            lost += 1
            if lost == TRIES:
                raise
        else:
            count, lost = count + 1, 0
    return count
