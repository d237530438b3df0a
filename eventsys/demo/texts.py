"""What the demonstration says: series, events, posters, messages. Invented, in the voice of the business office.

Keys are short names that plan.py uses; values are columns of Series and Event.
"""
# ruff: noqa: E501  (prose, and a line a text)

from __future__ import annotations

from typing import Any

OFFICE = {
    "contact_name": "Mira Spolheim",
    "contact_email": "evenemang@naringsliv.example",
    "contact_phone": "031-390 06 10",  # 031-390 06 00 to 99 are kept for films and books
}
PROCUREMENT = {
    "contact_name": "Rolf Mangelbo",
    "contact_email": "upphandling@koncerninkop.example",
    "contact_phone": "031-390 06 22",
}

SERIES: dict[str, dict[str, Any]] = {
    "business_day": {
        "name": "Näringslivsdagen", "name_en": "The Business Day",
        "summary": "Årets mötesplats för företag, högskola och stad, med priser och samtal som leder vidare.",
        "summary_en": "The yearly meeting place for companies, university and city, with awards and talks that lead on.",
        "capacity": 320, "party_size": 8, "remind_week": True, "hours": 6, "price": "Kostnadsfritt", "asks_diet": True,
        "place": "Vävarhallen", "address": "Garngatan 1, Borås", "focus_area": "Samverkan",
        "co_organiser": "Borås Näringsliv", **OFFICE,
    },
    "lunch": {
        "name": "Fredagslunch", "name_en": "Friday Lunch",
        "summary": "En lunch för små och medelstora företag med en inspirerande gäst. Vi bjuder på maten.",
        "summary_en": "A lunch for small and medium-sized companies with an inspiring guest. The food is on us.",
        "capacity": 48, "party_size": 4, "hours": 2, "price": "Kostnadsfritt, utebliven plats 250 kr", "asks_diet": True,
        "place": "Spinneriets matsal", "address": "Varpgränd 4, Borås", "focus_area": "Företagsklimat", **OFFICE,
    },
    "tender_school": {
        "name": "Anbudsskola", "name_en": "Tender School",
        "summary": "Lär dig lämna anbud till Borås Stad, steg för steg och i liten grupp.",
        "summary_en": "Learn to tender for the city's contracts, step by step and in a small group.",
        "capacity": 20, "party_size": 2, "hours": 3, "price": "Kostnadsfritt", "place": "Kontorshuset, rum Skytteln",
        "address": "Inslagsgatan 12, Borås", "focus_area": "Upphandling", "co_organiser": "Koncerninköp", **PROCUREMENT,
    },
    "procurement": {
        "name": "Upphandlingsforum", "name_en": "Procurement Forum",
        "summary": "Inköpare och företag möts om det som ska köpas in det närmaste året.",
        "summary_en": "Buyers and companies meet about what will be bought during the coming year.",
        "capacity": 80, "party_size": 4, "hours": 2, "price": "Kostnadsfritt", "place": "Vävarhallen, sal Inslaget",
        "address": "Garngatan 1, Borås", "focus_area": "Upphandling", "co_organiser": "Koncerninköp", **PROCUREMENT,
    },
    "update": {
        "name": "Update Borås", "name_en": "Update Borås",
        "summary": "En inbjuden grupp företagsledare talar öppet om läget i den lokala ekonomin.",
        "summary_en": "An invited group of company leaders talk openly about the state of the local economy.",
        "capacity": 40, "party_size": 1, "hours": 2, "public": False, "place": "Rådhusets övre sal",
        "address": "Vävaretorget 2, Borås", "focus_area": "Företagsklimat", **OFFICE,
    },
    "welcome": {
        "name": "Välkomstträff för nya företag", "name_en": "Welcome for New Companies",
        "summary": "Nystartad? Träffa dem som kan svara på dina frågor, och andra som är i samma läge.",
        "summary_en": "Just started? Meet those who can answer your questions, and others in the same place.",
        "capacity": 40, "party_size": 3, "hours": 2, "price": "Kostnadsfritt", "asks_diet": False,
        "place": "Kontorshuset, entréplan", "address": "Inslagsgatan 12, Borås", "focus_area": "Nyföretagande", **OFFICE,
    },
    "associations": {
        "name": "Möte med företagarföreningarna", "name_en": "Meeting with the Associations",
        "summary": "Föreningar, tjänstemän och politiker går igenom vad som är på gång i stadens alla delar.",
        "summary_en": "Associations, officials and politicians go through what is going on in all parts of the city.",
        "capacity": 30, "party_size": 3, "hours": 2, "place": "Rådhusets nedre sal", "address": "Vävaretorget 2, Borås",
        "focus_area": "Samverkan", **OFFICE,
    },
    "property": {
        "name": "Fastighetsmarknadsdagen", "name_en": "The Property Market Day",
        "summary": "Vad byggs, vad hyrs och vad behövs? En eftermiddag om lokaler och mark.",
        "summary_en": "What is built, what is let and what is needed? An afternoon about premises and land.",
        "capacity": 120, "party_size": 4, "hours": 4, "price": "Kostnadsfritt", "place": "Vävarhallen",
        "address": "Garngatan 1, Borås", "focus_area": "Etablering", **OFFICE,
    },
    "breakfast": {
        "name": "Frukostmöte", "name_en": "Breakfast Meeting",
        "summary": "Kaffe, smörgås och en timme om en fråga som berör många.",
        "summary_en": "Coffee, a sandwich and one hour on a question that concerns many.",
        "capacity": 30, "party_size": 3, "hours": 1, "price": "Kostnadsfritt", "asks_diet": True,
        "place": "Spinneriets kafé", "address": "Varpgränd 4, Borås", "focus_area": "Kompetensförsörjning", **OFFICE,
    },
    "workshop": {
        "name": "Workshop och hackathon", "name_en": "Workshop and Hackathon",
        "summary": "Vi löser något tillsammans, med händerna, på en förmiddag eller ett dygn.",
        "summary_en": "We solve something together, hands on, in a morning or in a day and a night.",
        "capacity": 24, "party_size": 5, "hours": 4, "price": "Kostnadsfritt", "asks_diet": True,
        "place": "Verkstan", "address": "Skyttelvägen 7, Borås", "focus_area": "Innovation", **OFFICE,
    },
}  # fmt: skip

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "tender_school": [
        {
            "label": "Har ni lämnat anbud till en kommun förut?", "label_en": "Have you tendered for a municipality before?",
            "required": True, "choices": ["Ja", "Nej", "Vet inte"],
        },
        {"label": "Vad vill du helst ha svar på?", "label_en": "What would you most like to know?"},
    ],
    "business_day": [
        {
            "label": "Vilket samtal lockar mest på eftermiddagen?", "label_en": "Which talk attracts you most?",
            "choices": ["Kompetens", "Cirkulära affärer", "Digitalisering"],
        },
    ],
}  # fmt: skip
FREE_ANSWERS = ("Hur lång tid det tar", "Vilka krav som ställs på små företag", "Hur priset vägs mot kvalitet")

_LUNCH_PROGRAMME = """11.30 Insläpp och lunch
11.50 Välkomna, kort om vad som är på gång i staden
12.00 {}
12.40 Frågor och samtal vid borden
13.00 Tack för i dag"""

EVENTS: dict[str, dict[str, str]] = {
    "lunch_recruit": {
        "title": "Att rekrytera när alla söker samma folk", "title_en": "Recruiting when everybody looks for the same people",
        "summary": "Hur ett litet företag hittar folk utan att vara störst eller betala mest.",
        "summary_en": "How a small company finds people without being the largest or paying the most.",
        "description": "Leila Brokadin har anställt trettio personer på tre år i en bransch där alla ropar efter folk. "
        "Hon berättar vad som fungerade, vad som kostade pengar och vad hon hade gjort annorlunda.\n\n"
        "Efteråt finns tid att prata med grannarna vid bordet. Ta gärna med en kollega.",
        "description_en": "Leila Brokadin has hired thirty people in three years in a trade where everybody is short of "
        "staff. She tells what worked, what only cost money, and what she would do differently.",
        "programme": _LUNCH_PROGRAMME.format("Leila Brokadin: trettio anställningar på tre år"),
        "speakers": "Leila Brokadin, personalchef på Tio Fingrars Robotik AB",
    },
    "lunch_energy": {
        "title": "Energi som räcker hela dagen", "title_en": "Energy that lasts all day",
        "summary": "Tre företag visar vad de gjorde åt elräkningen, och vad det gav i kronor.",
        "summary_en": "Three companies show what they did about the electricity bill, and what they gained.",
        "description": "Ett bageri, ett lager och ett kontor har räknat om sin förbrukning. Siffrorna är deras egna.",
        "programme": _LUNCH_PROGRAMME.format("Tre företag, tre elräkningar"),
        "speakers": "Östen Solvedal, driftchef på Sjuttio Sorters Bröd AB\nHedda Linnevik, vd på Låtsaslogistik AB",
    },
    "lunch_export": {
        "title": "Från Borås till Bilbao", "title_en": "From Borås to Bilbao",
        "summary": "Den första exportaffären är svårast. Två som har gjort den berättar.",
        "summary_en": "The first export deal is the hardest. Two who have made it tell how.",
        "description": "Om att hitta den första kunden, om frakt, moms och misstag, och om att våga svara i telefon.",
        "programme": _LUNCH_PROGRAMME.format("Två första affärer"),
        "speakers": "Goran Satinell, grundare av Vykort & Vilja AB",
    },
    "lunch_circular": {
        "title": "Cirkulär textil i praktiken", "title_en": "Circular textiles in practice",
        "summary": "När spillet blev en vara: ett väveri räknar på det de förut kastade.",
        "summary_en": "When waste became a product: a weaving mill counts what it used to throw away.",
        "description": "Ett företagsbesök blev den här lunchen. Kom och känn på tyget.",
        "programme": _LUNCH_PROGRAMME.format("Från spillhög till orderbok"),
        "speakers": "Märta Väveborn, vd på Exempelväveriet AB",
    },
    "lunch_ai": {
        "title": "När assistenten är en dator", "title_en": "When the assistant is a computer",
        "summary": "Vad ett företag med nio anställda faktiskt använder språkmodeller till.",
        "summary_en": "What a company of nine actually uses language models for.",
        "description": "Offerter, översättningar och felsökning: vad som blev bättre, vad som blev sämre, vad som är lagligt.",
        "programme": _LUNCH_PROGRAMME.format("Nio anställda och en maskin"),
        "speakers": "Dawit Okonjarin, utvecklare på Påhittad Programvara AB",
    },
    "lunch_grow": {
        "title": "Växa utan att tappa bort sig", "title_en": "Growing without getting lost",
        "summary": "Från fem till femtio anställda, och fortfarande samma företag.",
        "summary_en": "From five to fifty employees, and still the same company.",
        "description": "Ida Kypertson tog över efter sin mamma och har tiodubblat företaget. Hon talar om det svåra: när "
        "man slutar kunna allas namn, och om rutinerna som gjorde att de hann i kapp.\n\n"
        "Vi bjuder på lunchen. Får du förhinder, avboka senast två dagar före så att någon annan får platsen.",
        "description_en": "Ida Kypertson took over from her mother and has made the company ten times larger. She talks "
        "about the hard part: the day when you no longer know everybody's name.\n\n"
        "Lunch is on us. If you cannot come, please cancel two days ahead so that somebody else gets the seat.",
        "programme": _LUNCH_PROGRAMME.format("Ida Kypertson: från fem till femtio"),
        "speakers": "Ida Kypertson, vd på Drömda Dörrar AB",
    },
    "lunch_robot": {
        "title": "Så blev vävstolen en robot", "title_en": "How the loom became a robot",
        "summary": "Automation i en verkstad med tolv anställda, utan miljoner och utan konsulter.",
        "summary_en": "Automation in a workshop of twelve, without millions and without consultants.",
        "description": "Jonas Nålström byggde den första cellen själv, på kvällar. I dag går tre, och ingen har fått gå.",
        "description_en": "Jonas Nålström built the first cell himself, in the evenings. Three run today, and nobody had "
        "to leave.",
        "programme": _LUNCH_PROGRAMME.format("Jonas Nålström: tre robotar och tolv kollegor"),
        "speakers": "Jonas Nålström, produktionschef på Sländans Fiktiva Verkstad AB",
    },
    "lunch_security": {
        "title": "It-säkerhet för den som har annat att göra", "title_en": "IT security for those with other things to do",
        "summary": "Fem saker som tar en eftermiddag och stoppar det mesta.",
        "summary_en": "Five things that take an afternoon and stop most of it.",
        "description": "Ingen skrämselpropaganda. En lista att ta med hem, och tid för frågor om just ditt företag.",
        "programme": _LUNCH_PROGRAMME.format("Fem saker på en eftermiddag"),
        "speakers": "Samira Åltråd, säkerhetsrådgivare på Nyckelpigans Låtsaslarm AB",
    },
    "lunch_heirs": {
        "title": "Generationsskifte utan gräl", "title_en": "Handing over without quarrels",
        "summary": "Två syskon, ett företag och en plan som höll.",
        "summary_en": "Two siblings, one company and a plan that held.",
        "description": "Utkast: gästerna har sagt ja, texten kommer efter företagsbesöket.",
        "programme": _LUNCH_PROGRAMME.format("Två syskon, en plan"),
        "speakers": "",
    },
    "day_last": {
        "title": "Näringslivsdagen: Nästa hundra år", "title_en": "The Business Day: The next hundred years",
        "summary": "En dag om vad Borås ska leva av, med priser till Årets företagare och Årets unga företagare.",
        "summary_en": "A day on what Borås will live by, with awards for entrepreneurs of the year.",
        "description": "Tre samtal på förmiddagen, tre spår på eftermiddagen och en prisutdelning däremellan.",
        "programme": "09.00 Insläpp och kaffe\n09.30 Välkomna\n10.00 Vad lever Borås av om hundra år?\n12.00 Lunch\n"
        "13.00 Årets företagare och Årets unga företagare\n13.30 Samtal i tre spår\n15.00 Avslut",
        "speakers": "Ellen Rosengångh, framtidsforskare\nBengt Trådmyr, vd på Hittepå Hydraulik AB",
    },
    "day_next": {
        "title": "Näringslivsdagen: Tillsammans längre", "title_en": "The Business Day: Further together",
        "summary": "Årets mötesplats om samarbeten som håller, med prisutdelning och samtal i tre spår.",
        "summary_en": "This year's meeting place on cooperation that lasts, with awards and talks in three tracks.",
        "description": "Vad händer när ett företag, en högskola och en stad arbetar med samma fråga? Vi har bett dem som "
        "prövat att berätta, också om det som inte gick.\n\n"
        "På eftermiddagen väljer du ett av tre spår: kompetens, cirkulära affärer eller digitalisering. Däremellan delas "
        "priserna till Årets företagare och Årets unga företagare ut.\n\n"
        "Lokalen är tillgänglig för rullstol och har hörslinga. Säg till om du behöver något annat.",
        "description_en": "What happens when a company, a university and a city work on the same question? We have asked "
        "those who tried to tell us, also about what did not work.\n\n"
        "In the afternoon you choose one of three tracks: skills, circular business or digitalisation. In between the "
        "awards of the year are handed out.\n\nThe venue has step-free access and a hearing loop.",
        "programme": "09.00 Insläpp, kaffe och utställare\n09.30 Välkomna\n09.45 Samtal: tillsammans längre\n"
        "11.00 Tre korta berättelser\n12.00 Lunch\n13.00 Årets företagare och Årets unga företagare\n"
        "13.45 Spår: kompetens, cirkulära affärer, digitalisering\n15.00 Mingel",
        "speakers": "Zahra Sammetsberg, professor i samverkan\nViktor Fållstrand, vd på Fiktiva Fönster AB\n"
        "Tove Knypplind, grundare av Molntofflan Design AB",
    },
    "tender_first": {
        "title": "Anbudsskola: det första anbudet", "title_en": "Tender School: the first tender",
        "summary": "För dig som aldrig har lämnat anbud. Vi går igenom en riktig upphandling från början till slut.",
        "summary_en": "For those who have never tendered. We go through a real procurement from beginning to end.",
        "description": "Ta med dator. Efter förmiddagen har du gjort ett anbud, på låtsas, och fått det läst.",
        "programme": "08.30 Kaffe\n09.00 Hitta upphandlingarna\n09.45 Läsa krav utan att somna\n10.30 Skriva ett anbud\n"
        "11.30 Vi läser varandras",
        "speakers": "Rolf Mangelbo, upphandlare på Koncerninköp\nNadja Skyttelund, inköpsstrateg på Koncerninköp",
    },
    "tender_second": {
        "title": "Anbudsskola: ramavtal och direktköp", "title_en": "Tender School: framework agreements",
        "summary": "Hur små köp går till, och hur man kommer med i de stora.",
        "summary_en": "How small purchases are made, and how to become part of the large ones.",
        "description": "Fortsättning för dig som varit med en gång, eller som redan har lämnat anbud.",
        "description_en": "A sequel for those who have come once, or who have tendered before.",
        "programme": "08.30 Kaffe\n09.00 Vad är ett ramavtal?\n10.00 Direktköp, steg för steg\n11.00 Dina frågor",
        "speakers": "Nadja Skyttelund, inköpsstrateg på Koncerninköp",
    },
    "procurement_year": {
        "title": "Upphandlingsforum: det här ska vi köpa", "title_en": "Procurement Forum: what we will buy",
        "summary": "Bygg, mat, transporter och tjänster: inköparna visar sina planer och svarar på frågor.",
        "summary_en": "Building, food, transport and services: the buyers show their plans and answer questions.",
        "description": "Korta pass vid sex bord. Du går till de bord som rör dig och talar med den som ska köpa.",
        "description_en": "Short rounds at six tables. You go to those that concern you and talk to whoever will buy.",
        "programme": "13.00 Välkomna\n13.15 Årets inköpsplan\n13.45 Sex bord, tre rundor\n15.00 Kaffe",
        "speakers": "Rolf Mangelbo, upphandlare på Koncerninköp\nIngrid Petrovansson, lokalförsörjare",
    },
    "update_last": {
        "title": "Läget i Borås, i siffror och ord", "title_en": "The state of Borås, in figures and words",
        "summary": "Läget i den lokala ekonomin, i en krets där det går att tala öppet.",
        "description": "Det som sägs stannar i rummet. En sammanfattning utan namn publiceras efteråt.",
        "programme": "15.00 Kaffe\n15.15 Läget i siffror\n15.45 Runt bordet\n17.00 Avslut",
        "speakers": "Hugo Äpplespole, konjunkturanalytiker",
    },
    "update_next": {
        "title": "Läget i Borås, halvåret som kommer", "title_en": "The state of Borås, the coming six months",
        "summary": "Läget i den lokala ekonomin, i en krets där det går att tala öppet.",
        "description": "Du är personligt inbjuden. Kan du inte komma får du gärna föreslå en kollega.",
        "programme": "15.00 Kaffe\n15.15 Läget i siffror\n15.45 Runt bordet\n17.00 Avslut",
        "speakers": "Hugo Äpplespole, konjunkturanalytiker",
    },
    "welcome_last": {
        "title": "Välkommen som företagare", "title_en": "Welcome as a business owner",
        "summary": "En kväll för dig som startat företag det senaste halvåret.",
        "description": "Tillstånd, skatt, kunder och kollegor. Du får träffa dem som kan svara.",
        "programme": "17.00 Smörgås\n17.30 Fem frågor alla ställer\n18.15 Samtal vid borden",
        "speakers": "Kerstin Tygmarker, företagslots",
    },
    "welcome_next": {
        "title": "Välkommen som företagare", "title_en": "Welcome as a business owner",
        "summary": "En kväll för dig som startat företag det senaste halvåret.",
        "summary_en": "An evening for those who started a company during the last six months.",
        "description": "Du får veta vem du ringer om tillstånd, lokaler, mark och anställningar, och träffar andra som just "
        "har börjat. Anmälan öppnar när välkomstbrevet har gått ut.",
        "description_en": "You learn whom to call about permits, premises, land and employing, and meet others who have "
        "just begun. Registration opens when the welcome letter has been sent.",
        "programme": "17.00 Smörgås\n17.30 Fem frågor alla ställer\n18.15 Samtal vid borden",
        "speakers": "Kerstin Tygmarker, företagslots",
    },
    "associations_last": {
        "title": "Föreningarna möter staden", "title_en": "The associations meet the city",
        "summary": "Halvårets genomgång med företagarföreningarna.",
        "description": "Varje förening berättar i fem minuter vad som är viktigast just nu.",
        "programme": "17.30 Kaffe\n18.00 Runt bordet\n19.00 Stadens svar",
        "speakers": "Lars Örngarn, näringslivsutvecklare",
    },
    "associations_next": {
        "title": "Föreningarna möter staden", "title_en": "The associations meet the city",
        "summary": "Halvårets genomgång med företagarföreningarna.",
        "description": "Utkast: politikernas dag är inte bekräftad än.",
        "programme": "17.30 Kaffe\n18.00 Runt bordet\n19.00 Stadens svar",
        "speakers": "Lars Örngarn, näringslivsutvecklare",
    },
    "property_day": {
        "title": "Fastighetsmarknadsdagen", "title_en": "The Property Market Day",
        "summary": "En eftermiddag om lokaler, mark och det som byggs, med dem som bygger.",
        "summary_en": "An afternoon about premises, land and what is being built, with those who build.",
        "description": "Vi går igenom årets siffror och gör tre korta nedslag ute i staden, på kartan. Efteråt mingel med "
        "fastighetsägarna.",
        "description_en": "We go through this year's figures and look at three places in the city, on the map. Afterwards "
        "there is time to meet the owners.",
        "programme": "13.00 Insläpp\n13.30 Marknaden i siffror\n14.15 Tre platser\n15.15 Kaffe\n15.45 Samtal\n16.30 Mingel",
        "speakers": "Petra Ullhammarin, mark- och exploateringschef\nEmil Garnqvistin, vd på Luftslott och Lokaler AB",
    },
    "breakfast_skills": {
        "title": "Frukost: praktikanter som stannar", "title_en": "Breakfast: trainees who stay",
        "summary": "Hur en praktikplats blir en anställning.",
        "summary_en": "How a traineeship becomes a job.",
        "description": "En skola, ett företag och en före detta praktikant om vad som gjorde skillnaden.",
        "programme": "07.30 Frukost\n07.50 Tre röster\n08.30 Frågor",
        "speakers": "Wilma Satinell, lärare\nArash Haddarin, elektriker på Kometsvansens Elfiktion AB",
    },
    "breakfast_traffic": {
        "title": "Frukost: när gatan grävs upp", "title_en": "Breakfast: when the street is dug up",
        "summary": "Så planeras gatuarbetena, och så kan din butik ha öppet ändå.",
        "summary_en": "How the street works are planned, and how your shop can stay open.",
        "description": "Kartor, tider och telefonnummer. Ta med dina frågor.",
        "programme": "07.30 Frukost\n07.50 Kartorna\n08.30 Frågor",
        "speakers": "Britta Brokadin, projektledare gata",
    },
    "workshop_service": {
        "title": "Workshop: rita om din tjänst", "title_en": "Workshop: redraw your service",
        "summary": "En förmiddag med papper och penna om vad kunden egentligen köper.",
        "summary_en": "A morning with paper and pen on what the customer really buys.",
        "description": "Ta med en tjänst som skaver. Du går hem med en som skaver mindre.",
        "programme": "08.30 Kaffe\n09.00 Kundens dag\n10.30 Rita om\n12.00 Slut",
        "speakers": "Tove Knypplind, grundare av Molntofflan Design AB",
    },
    "hackathon": {
        "title": "Hackathon: textil utan spill", "title_en": "Hackathon: textiles without waste",
        "summary": "Ett dygn, sex lag och ett problem som kostar branschen pengar varje dag.",
        "summary_en": "A day and a night, six teams and a problem that costs the trade money every day.",
        "description": "Lag om tre till fem. Vi står för mat, sovplats, data från tre väverier och handledare. "
        "Du behöver inte kunna programmera.",
        "description_en": "Teams of three to five. We provide food, beds, data from three mills and tutors. You need not "
        "be able to program.",
        "programme": "09.00 Start och lag\n10.00 Problemet\n12.00 Lunch\n18.00 Middag\n08.00 Frukost\n"
        "12.00 Redovisning och pris",
        "speakers": "Milan Kypertson, forskare i textilteknik",
    },
}  # fmt: skip

POSTERS = ("Affisch på biblioteket", "Bild på fredagslunchen", "Företagsamt", "LinkedIn")
CALLED_OFF = "Föredragshållaren har fått förhinder. Vi återkommer med en ny dag."
MOVED = {"place": "Vävarhallen, stora salen", "address": "Garngatan 3, Borås"}
MESSAGE_SUBJECT = "Ny ingång på fredag"
MESSAGE_BODY = """Hej,

på fredag är entrén från Varpgränd stängd på grund av gatuarbete. Gå in från gården, vi skyltar och någon möter dig.

Kommer du med bil finns platser i garaget bredvid.

Väl mött"""

# The same sentences as in emails/<letter>/subject.txt (a test compares them), so that the catalogue translates them.
POINTS = (
    "Det nya företagslotsrummet öppnar i mars. Kom in utan att boka på tisdagar.",
    "Svara på enkäten om upphandling: den tar fyra minuter och styr höstens anbudsskolor.",
    "Sommarjobben: anmäl en plats före sista april, staden betalar arbetsgivaravgiften.",
    "Nyhetsbrevet Företagsamt: rikta mobilen mot rutan på sista bilden.",
)
THEMES = {
    "lunch": (
        ("Hur man räknar på elen när avtalet går ut", "Besök hos ett tryckeri i Viared"),
        ("Att anställa den första", "Besök på ett nystartat måleri"),
        ("Kundfordringar: när ska man säga ifrån?", "Telefonsamtal efter förra lunchen"),
    ),
}
MATERIAL = (
    ("Läget i den lokala ekonomin, bilder", "https://material.naringsliv.example/laget.pdf"),
    ("Anteckningar från samtalen", "https://material.naringsliv.example/samtal.pdf"),
)

SUBJECTS = {
    "events/ticket": "Du är anmäld: %(event)s %(when)s",
    "events/queued": "Du står i kö: %(event)s %(when)s",
    "events/seat_offered": "En plats är ledig för dig: %(event)s %(when)s",
    "events/offer_ended": "Svarstiden har gått ut: %(event)s %(when)s",
    "events/seat_cancelled": "Avbokat: %(event)s %(when)s",
    "events/event_changed": "Ny tid eller plats: %(event)s %(when)s",
    "events/event_cancelled": "Inställt: %(event)s %(when)s",
    "events/reminder": "Påminnelse: %(event)s %(when)s",
    "events/coming": "Kommer du? %(event)s %(when)s",
    "events/thanks": "Tack för att du kom: %(event)s %(when)s",
    "events/missed": "Vi saknade dig: %(event)s %(when)s",
    "events/invitation": "Inbjudan: %(event)s %(when)s",
    "events/invitation_reminder": "Svara på inbjudan: %(event)s %(when)s",
    "events/material": "Material från %(event)s %(when)s",
    "events/sessions_chosen": "Ditt program: %(event)s %(when)s",
}
