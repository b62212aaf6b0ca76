"""A tiny fab in the form of the SMT2020 files, written for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "part.txt": """PARTGRP PARTFAM PART ROUTEFILE ROUTE
Sale P a route_a.txt r_a""",
    "route_a.txt": """ROUTE STEP DESC STNFAM PDIST PTIME PTIME2 PTUNITS PTPER BATCHMN BATCHMX SETUP WHEN STIME STUNITS \
SVESTN FORSTEP BatchInterval BatchIntUnits PartInterval PartIntUnits RWKSTEP REWORK RWKTYPE StepPercent STEP_CQT CQT \
CQTUNITS IGNORE
r_a 1 001_oven Oven uniform 2 0.5 hr per_batch 50 75 . . . . . . . . . . . . . . 3 4 hr x
r_a 2 002_wet Wet uniform 2 0.1 min per_piece . . . . . . . . . . 1.5 min . . . . . . . x
r_a 3 003_litho Litho uniform 30 1.5 min per_lot . . S1 need 8 min yes 6 . . . . . . . . . . . x
r_a 4 004_met Met uniform 10 1 min per_lot . . . . . . . . . . . . . . . 40 . . . x
r_a 5 005_film Film uniform 60 3 min per_lot . . . . . . . . 20 min . . . . . . . . . x
r_a 6 006_litho Litho uniform 90 1.5 sec per_piece . . S2 need . . . . . . . . 5 10 lot 100 . . . x""",
    "tool.txt.1l": """STNFAM STN RULE FWLRANK WAKERESRANK BATCHCRITF BATCHPER LTIME LTUNITS ULTIME ULTUNITS STNCAP \
STNQTY STNGRP STNFAMSTEP_ACTLIST STNFAMLOC PRERULERWL SETUPGRP
Oven Oven r rank_HP . crit_sameroutestep piece 1.0 min 2.0 min . 2.0 Heat x Fab no .
Wet Wet r rank_HP . . . 1.0 min 1.0 min 2.0 1.0 Chem x Fab no .
Litho Litho r rank_HP;rank_RSETUP;rank_FIFO . . . 1.0 min 1.0 min . 2.0 Light x Fab no .
Met Met r rank_HP . . . 1.0 min 1.0 min . 1.0 Light x Fab no .
Film Film r rank_HP . . . 1.0 min 1.0 min 2.0 1.0 Chem x Out no .""",
    "setup.txt": """CURSETUP NEWSETUP STIME STUNITS IGNORE
S1 S2 7 min x
. S2 9 min x
S9 S2 5 min x""",
    "setupgrp.txt": """SETUPGRP SETUP MINRUN IGNORE
G S2 3 x""",
    "downcal.txt": """DOWNCALNAME DOWNCALTYPE MTTFDIST MTTF MTTFUNITS MTTRDIST MTTR MTTRUNITS IGNORE
BREAK_Light mttf_by_cal exponential 9 hr exponential 60 min x""",
    "pmcal.txt": """PMCALNAME PMCALTYPE MTBPM MTBPMUNITS MTTRDIST MTTR MTTR2 MTTRUNITS IGNORE
Film_MN mtbpm_by_cal 10 day uniform 12 2 hr x
Litho_WK mtbpm_by_pieces 500 pieces uniform 4 1 hr x""",
    "attach.txt": """CALNAME CALTYPE RESTYPE RESNAME FOADIST FOA FOAUNITS
BREAK_Light down stngrp Light exponential 9 hr
Film_MN pm stnfam Film constant 8 day
Litho_WK pm stnfam Litho constant 400 .""",
    "fromto.txt": """FROMLOC TOLOC DDIST DTIME DTIME2 DUNITS
Fab Fab uniform 6 2 min""",
    "order.txt": """LOT PART PRIOR PIECES START RDIST REPEAT RUNITS RPT# LOTSPERRPT DUE ORDER HOTLOT
Lot_a a 10 25 01/01/18_00:00:00 constant 100 min 1000 1 01/02/18_00:00:00 O no
Hot_a a 20 25 01/01/18_01:00:00 constant 1000 min 10 1 01/01/18_13:00:00 O no""",
    "WIP.txt": """LOT PART PRIOR PIECES START CURSTEP DUE ORDER HOTLOT TRACE
Init_Lot_a_2 a 10 25 01/01/18_00:00:00 5 01/01/18_10:00:00 O . .
Init_Lot_a_3 a 10 25 01/01/18_00:00:00 6 01/01/18_05:00:00 O . .""",
}


def tabbed(text: str) -> str:
    """Blanks separate cells here, a dot is an empty one, and _ joins the two halves of an instant."""
    lines = [
        "\t".join("" if cell == "." else cell.replace("18_", "18 ") for cell in line.split())
        for line in text.splitlines()
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def tiny_fab(tmp_path: Path) -> Path:
    """A folder with a fab of five families, one product of six steps and two streams of lots."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(tabbed(text), encoding="utf-8")
    return tmp_path
