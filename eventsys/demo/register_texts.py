"""What colleagues of the demonstration wrote down about companies. Invented."""

CLUSTERS = ("Textil och mode", "Logistik", "Besöksnäring", "Handel")
WHO = ("Mira Spolheim", "Tariq Linnevik", "Mira Spolheim och Tariq Linnevik", "Demo Spolheim", "Britta Tygmarker")
THEMES = (
    "Kompetensförsörjning", "Lokaler och mark", "Elpriser", "Tillstånd", "Upphandling", "Infrastruktur och gator",
    "Generationsskifte", "Export", "Hållbarhet", "Praktikplatser", "Kollektivtrafik till jobbet", "Digitalisering",
)  # fmt: skip
MET = ("vd", "vd och produktionschef", "platschef", "ägarna", "ekonomichef")
TOLD = (
    "Orderboken är full till sommaren. Svårt att hitta folk till kvällsskiftet.",
    "De letar efter en större lokal, helst inom två år. Vill stanna i Borås.",
    "Nöjda med kontakten kring bygglovet. Önskar tidigare besked nästa gång.",
    "Visade den nya linjen. Tar gärna emot en skolklass.",
    "Osäkra på hur de lämnar anbud. Fick tid på anbudsskolan.",
    "",
)
FOLLOW_UPS = (
    "Skicka uppgifter om lediga lokaler", "Be etableringen ringa upp", "Bjud in till anbudsskolan",
    "Fråga gatukontoret om infarten", "Koppla ihop med yrkeshögskolan", "Ring igen om praktikplatserna",
)  # fmt: skip
NOTES = (
    "Vill gärna vara värd för en fredagslunch.",
    "Har bytt lokal, den gamla adressen stämmer inte längre i deras egna papper.",
    "Helst telefon, läser sällan mejl.",
    "Tipsade om två företag som funderar på att flytta hit.",
    "Intresserade av att medverka på Näringslivsdagen.",
    "Säsongsföretag: ring inte i juli.",
)
INFORMED = "Information till medlemmarna om vårens arrangemang"
ROLES = ("Vd", "Ekonomi", "Platschef", "Marknad")
SUBJECT = "Välkommen som företagare i Borås"
BODY = (
    "<p>Vi såg att ni har startat företag här, och vill önska er välkomna.</p>"
    "<p>Vi på Näringslivsenheten är er väg in i kommunen. Till oss kan ni vända er med frågor om tillstånd, lokaler, "
    "mark, kompetens och kontakter. Det kostar ingenting.</p>"
    "<p>Kom gärna på en träff för nya företagare, eller hör av er när det passar er.</p>"
)
STRUCK = ("Vilande bolag hos en byrå", "Samma ägare som ett företag vi redan har välkomnat")
