"""The English words that a new site begins with; what they say and cite is what texts.py says."""

SENTENCE = "Seen a problem in the city? Report it and follow how it is solved."

NEWS = "News"

WORKING_GROUP = (
    "Working group",
    "The working group of the project meets at least once a month on results, plans and how effectively the community's "
    "problems are solved.",
)

COVERAGE = ("In the media", "What newspapers, sites, radio and television tell of the project.")

PAGES = {
    "about": (
        "About the project",
        [
            (
                "text",
                "“Open City” helps residents to report problems of the city on a map, and the city's authorities to solve them "
                "promptly. The System follows a Procedure that the city council has approved: who has to do what by when is on the "
                "card of each issue.",
            ),
            ("heading", "Who takes part"),
            (
                "text",
                "Residents report and follow what happens. The city's organisations accept issues of their sphere of "
                "responsibility, name executors and answer. The control body watches deadlines and results (clause\u00a02.9). The "
                "moderator, a non-governmental organisation, checks what is published and reports on effectiveness "
                "(clauses\u00a05.1–5.4).",
            ),
            ("heading", "Who leads the project"),
            (
                "text",
                "A working group looks at the project each month: its composition, meetings and figures are published. The worker "
                "responsible for the System is named on the page of contacts.",
            ),
            ("statistics", {"heading": "The week in figures"}),
        ],
    ),
    "terms": (
        "Terms of use",
        [
            (
                "text",
                "The “Open City” system helps citizens to draw attention to the problems of the community, and the local "
                "authorities to respond to them promptly (clause\u00a01.1 of the Procedure).",
            ),
            (
                "text",
                "Messages that arrive through the System are not citizens’ appeals in the meaning of the Law of Ukraine "
                "“On Citizens’ Appeals” (clause\u00a01.4).",
            ),
            ("heading", "What can be reported"),
            (
                "text",
                "Report faults and problems of the community by the categories of the System. Each report has a title, a "
                "description and a category and, if you have added them, a place on the map, photos and videos (clause\u00a03.1).",
            ),
            ("heading", "What we do not publish"),
            (
                "text",
                "Reports are not accepted for publication if they contain obscene or offensive language, threats to a person’s "
                "life, health or property, incorrect information, or information outside the purposes of the System "
                "(clause\u00a05.2).",
            ),
            (
                "text",
                "The moderator can take down a published report, hide a photo or a comment and, in case of abuse, block a user. "
                "You always learn the ground, and can correct the report and send it again.",
            ),
            ("heading", "What happens next"),
            (
                "text",
                "A report gets the status “Open”; “Accepted” when an organisation has taken it up; “Closed” when it is solved; "
                "and “Archived” 20 days later (clause\u00a03.2). If the problem is not solved, you can open it again.",
            ),
        ],
    ),
    "privacy": (
        "Protection of personal data",
        [
            (
                "text",
                "We keep your e-mail address, your name if you have given it, your reports, comments and photos. Your name is "
                "hidden from the public until you decide to show it. Only the technical operator of the System sees your "
                "e-mail address.",
            ),
            (
                "text",
                "The author’s name is seen by the organisations that a report was sent to, by the control body and the "
                "moderator. Technical data, the place of shooting among them, are removed from photos.",
            ),
            (
                "text",
                "The data are processed to pass reports on to organisations, to answer you and to carry out the Procedure. You "
                "can withdraw your consent by writing to the support address.",
            ),
            (
                "text",
                "If you asked for the news without an account, we keep the e-mail address and the language of the letters alone. "
                "An address that was not confirmed is deleted after seven days, a confirmed one as soon as you end the letters.",
            ),
        ],
    ),
    "accessibility": (
        "Accessibility",
        [
            (
                "text",
                "The site is made to be used with a keyboard, with a screen reader, on a small screen and with enlarged text. "
                "The list of issues fully replaces the map. Colour is never the only sign of a status.",
            ),
            ("text", "If something is in your way, write to the support address: we answer, and mend it."),
        ],
    ),
    "help": (
        "Help",
        [
            ("heading", "How to report a problem"),
            (
                "text",
                "Press “Report a problem”, show the place – on the map, by its address, or without an exact place – and say in a "
                "few words what has happened. Add a photo if you have one. Before you send it you see who will get the report and "
                "by when they must answer.",
            ),
            ("heading", "What the statuses mean"),
            (
                "text",
                "“Open”: published, not solved yet. “Accepted”: an organisation has taken it and named an executor. “Closed”: "
                "solved. “Archived”: closed 20 days ago (clause\u00a03.2).",
            ),
            ("heading", "When to expect an answer"),
            (
                "text",
                "The organisation accepts an issue within three working days (clause\u00a04.3) and within 30 days solves it or "
                "explains why that is not possible now (clause\u00a04.4). The terms stand on the card of each issue.",
            ),
            ("heading", "It was closed but not solved"),
            (
                "text",
                "Within 20 days of its closing the author can open it again (clause\u00a04.7). Other residents can say “still not "
                "solved”, which the moderator will see.",
            ),
        ],
    ),
    "workers": (
        "For responsible workers",
        [
            (
                "text",
                "Look at the organisation's mailbox and cabinet every day (clause\u00a04.1). Inform the head of a new issue within one "
                "working day (clause\u00a04.2); within three accept it and record the executor whom the head has appointed "
                "(clause\u00a04.3).",
            ),
            (
                "text",
                "Instructions, methodical materials, dates of seminars and the moderator's answers to your questions are in the "
                "cabinet, under “Consultation” (clauses 5.5 and 5.6).",
            ),
        ],
    ),
    "contacts": (
        "Contacts",
        [
            (
                "text",
                "A named worker is responsible for the System; please turn to him or her with questions about its work.",
            ),
            (
                "person",
                {"position": "Worker responsible for the System", "name": "", "phone": "", "email": "", "hours": ""},
            ),
        ],
    ),
}
