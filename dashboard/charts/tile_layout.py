"""Where the 38 municipalities stand in the tile map: a schematic grid, drawn for this product."""

from __future__ import annotations

from typing import NamedTuple

COLUMNS = 7
ROWS = 8


class Tile(NamedTuple):
    """A municipality's place (column from the west, row from the north) and its short names."""

    column: int
    row: int
    sq: str
    sr: str


TILES: dict[str, Tile] = {
    "12": Tile(2, 0, "Leposaviq", "Leposavić"),
    "28": Tile(1, 1, "Zubin P.", "Zubin P."),
    "29": Tile(2, 1, "Zveçan", "Zvečan"),
    "38": Tile(3, 1, "Mitr. V.", "Mitr. S."),
    "06": Tile(1, 2, "Istog", "Istok"),
    "11": Tile(2, 2, "Mitrovicë", "Mitr. J."),
    "27": Tile(3, 2, "Vushtrri", "Vučitrn"),
    "18": Tile(4, 2, "Podujevë", "Podujevo"),
    "17": Tile(0, 3, "Pejë", "Peć"),
    "08": Tile(1, 3, "Klinë", "Klina"),
    "21": Tile(2, 3, "Skenderaj", "Srbica"),
    "15": Tile(3, 3, "Obiliq", "Obilić"),
    "19": Tile(4, 3, "Prishtinë", "Priština"),
    "14": Tile(5, 3, "Novobërdë", "N. Brdo"),
    "10": Tile(6, 3, "Kamenicë", "Kamenica"),
    "01": Tile(0, 4, "Deçan", "Dečani"),
    "30": Tile(1, 4, "Malishevë", "Mališevo"),
    "03": Tile(2, 4, "Gllogoc", "Glogovac"),
    "09": Tile(3, 4, "F. Kosovë", "K. Polje"),
    "35": Tile(4, 4, "Graçanicë", "Gračanica"),
    "04": Tile(5, 4, "Gjilan", "Gnjilane"),
    "36": Tile(6, 4, "Ranillug", "Ranilug"),
    "33": Tile(0, 5, "Junik", "Junik"),
    "16": Tile(1, 5, "Rahovec", "Orahovac"),
    "24": Tile(2, 5, "Suharekë", "S. Reka"),
    "22": Tile(3, 5, "Shtime", "Štimlje"),
    "13": Tile(4, 5, "Lipjan", "Lipljan"),
    "37": Tile(5, 5, "Partesh", "Parteš"),
    "34": Tile(6, 5, "Kllokot", "Klokot"),
    "02": Tile(0, 6, "Gjakovë", "Đakovica"),
    "32": Tile(1, 6, "Mamushë", "Mamuša"),
    "20": Tile(2, 6, "Prizren", "Prizren"),
    "23": Tile(3, 6, "Shtërpcë", "Štrpce"),
    "25": Tile(4, 6, "Ferizaj", "Uroševac"),
    "26": Tile(5, 6, "Viti", "Vitina"),
    "05": Tile(2, 7, "Dragash", "Dragaš"),
    "07": Tile(4, 7, "Kaçanik", "Kačanik"),
    "31": Tile(5, 7, "H. i Elezit", "Đ. Jank."),
}


def short_name(code: str, language: str) -> str:
    """A municipality's short name; English uses the Albanian one."""
    tile = TILES[code]
    return tile.sr if language == "sr" else tile.sq
