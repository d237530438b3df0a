"""Codes of the bulk files in Swedish. A code that is not here is shown as it is: nothing is guessed.

Sources: Bolagsverket, "Kodlistor" of Värdefulla datamängder; SCB, variable JurForm of Företagsregistret.
"""

from __future__ import annotations

FORMS = {  # organisationsform, before -ORGFO
    "AB": "Aktiebolag", "BAB": "Bankaktiebolag", "BF": "Bostadsförening", "BFL": "Filial till utländsk bank",
    "BRF": "Bostadsrättsförening", "E": "Enskild näringsverksamhet",
    "EEIG": "Europeisk ekonomisk intressegruppering", "EGTS": "Europeisk gruppering för territoriellt samarbete",
    "EK": "Ekonomisk förening", "FAB": "Försäkringsaktiebolag", "FF": "Försäkringsförmedlare", "FL": "Filial",
    "FOF": "Försäkringsförening", "HB": "Handelsbolag", "I": "Ideell förening", "KB": "Kommanditbolag",
    "KHF": "Kooperativ hyresrättsförening", "MB": "Medlemsbank", "OFB": "Ömsesidigt försäkringsbolag",
    "OTPB": "Ömsesidigt tjänstepensionsbolag", "S": "Stiftelse", "SB": "Sparbank", "SCE": "Europakooperativ",
    "SE": "Europabolag", "SF": "Sambruksförening", "TPAB": "Tjänstepensionsaktiebolag",
    "TPF": "Tjänstepensionsförening", "TSF": "Trossamfund",
}  # fmt: skip
PROCEDURES = {  # before -AVOMFO; what ends in -AVSLAVOMFO instead is over
    "AC": "Ackordsförhandling", "DEOL": "Överlåtande vid delning", "DEOT": "Övertagande vid delning",
    "FR": "Företagsrekonstruktion", "FUOL": "Överlåtande i fusion", "FUOT": "Övertagande i fusion",
    "GROM": "Gränsöverskridande ombildning", "KK": "Konkurs", "LI": "Likvidation", "OM": "Ombildning",
    "RES": "Resolution",
}  # fmt: skip
LEGAL_FORMS = {  # SCB's JurForm
    "21": "Enkelt bolag", "22": "Partrederi", "23": "Värdepappersfond", "31": "Handels- eller kommanditbolag",
    "32": "Gruvbolag", "41": "Bankaktiebolag", "42": "Försäkringsaktiebolag", "43": "Europabolag",
    "49": "Aktiebolag", "51": "Ekonomisk förening", "53": "Bostadsrättsförening",
    "54": "Kooperativ hyresrättsförening", "55": "Europakooperativ", "61": "Ideell förening",
    "62": "Samfällighet", "63": "Trossamfund", "71": "Familjestiftelse", "72": "Stiftelse eller fond",
    "81": "Statlig enhet", "82": "Kommun", "83": "Kommunalförbund", "84": "Region",
    "85": "Allmän försäkringskassa", "87": "Offentlig korporation eller anstalt", "88": "Hypoteksförening",
    "89": "Regional statlig myndighet", "91": "Oskiftat dödsbo", "92": "Ömsesidigt försäkringsbolag",
    "93": "Sparbank", "94": "Understöds- eller försäkringsförening", "95": "Arbetslöshetskassa",
    "96": "Utländsk juridisk person", "98": "Övrig svensk juridisk person", "99": "Juridisk form ej utredd",
}  # fmt: skip
