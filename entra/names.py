"""Names of people and groups from many languages, each with the spelling its mail address uses."""

# Written / in a mail address. Apostrophes, ß, İ, ł, Arabic, Hebrew and Han characters all occur in real directories.
GIVEN = """Zoë/zoe René/rene Łukasz/lukasz İpek/ipek Søren/soren Åsa/asa Jürgen/jurgen Siobhán/siobhan
Noémie/noemie Željko/zeljko Þóra/thora 花子/hanako 小明/xiaoming 민준/minjun محمد/mohammed ליאור/lior Дмитрий/dmitri
Ελένη/eleni Nguyễn/nguyen Anne-Marie/annemarie D'Arcy/darcy Ada/ada Grace/grace Tomás/tomas Chloë/chloe
प्रिया/priya Olúwaseun/oluwaseun Ioana/ioana Jan/jan""".split()  # noqa: SIM905 - a list of names reads best as text

FAMILY = """O'Brien/obrien Groß/gross Wałęsa/walesa Yılmaz/yilmaz 山田/yamada 李/li 김/kim العربي/alarabi כהן/cohen
Иванова/ivanova Παπαδόπουλος/papadopoulos Müller-Lüdenscheidt/mueller-luedenscheidt Nuñez/nunez Ó_Dónaill/odonaill
van_der_Berg/vanderberg Håkansson/hakansson Dvořák/dvorak Hernández/hernandez Lefèvre/lefevre Smith/smith
Ţepeş/tepes Björk/bjork D'Angelo/dangelo Trần/tran Şahin/sahin McDonald/mcdonald शर्मा/sharma Adébáyọ̀/adebayo
Guðmundsdóttir/gudmundsdottir Strauß/strauss""".split()  # noqa: RUF001, SIM905 - as above; Turkish has a dotless i

GROUPS = (
    "Sales & Ops",
    "Test'Group",
    "Forschung (Süd)",
    "R+D / Lab #1",
    "Łódź",
    "人事部",
    "مبيعات",
    "Finance, Tax; Audit",
    "100 % Café",
    "Team = Best?",
    "All  Hands",
    "İzmir Ofis",
)
INNER_QUOTES = 'The "Big" Team'

TITLES = ("Engineer", "Chef d'équipe", "Senior Manager, R&D", "Vorstand", "経理", "Analyst (part-time)", "Nurse")
DEPARTMENTS = ("Sales & Ops", "Entwicklung", "Recherche & Développement", "法務", "Facilities", "IT")
LANGUAGES = ("en-US", "nl-NL", "fr", "ja-JP", "ar", "tr-TR", "pl")
MOBILES = ("+31 6 1234{:04d}", "0612{:06d}", "+1 (425) 555-{:04d}", "+49.170.{:07d}", "5555555{:04d}")


def spelt(entry: str) -> tuple[str, str]:
    """The name as written, and as it stands in a mail address."""
    written, _, plain = entry.partition("/")
    return written.replace("_", " "), plain
