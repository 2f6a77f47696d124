"""The charter, typed off the Guide and the Toolkit letter for letter: what the site prints is held against it."""

DEFINITION = (
    "Co-Production means building on the assets of communities of place and interest to deliver better wellbeing "
    "outcomes for all by sharing responsibilities and power equally between service users and those who advocate on "
    "their behalf and service providers across all sectors."
)
COMMITMENTS = [
    ("teamwork", "T", "Teamwork when developing options and taking decisions"),
    ("openness", "O", "Openness to all ideas and discussion"),
    ("genuine", "G", "Genuine communication across all partners"),
    (
        "equitable",
        "E",
        "Equitable opportunities to participate within context of imbalances in capacity and resources",
    ),
    ("trust", "T", "Trust building across sectors pro-actively facilitated"),
    ("honesty", "H", "Honesty in sharing information and views"),
    ("engagement", "E", "Engagement of people impacted by issues under consideration"),
    ("respect", "R", "Respect for all views"),
]
STEPS = [
    "Come to meetings prepared to participate - having read and considered papers in advance;",
    "Present information in readily accessible ways and avoid overuse of jargon;",
    "Focus on discussing agenda issues within time agreed for each item;",
    "Actively contribute to all discussions – including on issues outside of partner body’s direct responsibilities;",
    "Encourage others to contribute and be respectful of different views;",
    "Contribute to ensuring decisions made are clear with responsibility for action identified;",
    "Respect confidentiality where appropriate to allow sharing of information and views;",
    "Seek consensus where possible while not avoiding differences of opinion being acknowledged;",
    "Value both community knowledge and professional expertise;",
    "Be represented by people who have the authority to contribute fully and reach agreements;",
    "Work collectively to secure the resources (people and finance) needed to implement decisions;",
    "Contribute to discussions and evaluations on improving the meetings and the overall work of the Partnership.",
]
PRINCIPLES = [
    "An asset-based approach which recognises and values the abilities and resources people and communities have",
    "Equal inclusion of the contributions of professionals and people/communities",
    "An emphasis on building capacities and networks of mutual support for people and communities",
    "Building trust and sharing power in both service delivery and planning.",
]
GUIDE = (
    "Community Places: Guide and Charter for Partnerships on Applying Co-Production, sections 4, 5 and 6. It states no "
    "licence; it asks partnerships to adopt its wording, which is given here word for word."
)
TOOLKIT = (
    "Colm Bradley and Louise O’Kane (Community Places), Brendan Murtagh (Queen’s University Belfast): A Toolkit for "
    "Co-Production in Community Planning, September 2021, section 1. Word for word, under the licence Creative Commons "
    "Attribution-ShareAlike 3.0 Unported."
)
