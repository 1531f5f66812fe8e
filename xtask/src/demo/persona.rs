//! Kinds of people who come by a software company's site, and what they do there.

/// What a kind of lead has in common.
pub(super) struct Persona {
    /// How many of a hundred leads.
    pub(super) share: u64,
    pub(super) titles: &'static [&'static str],
    pub(super) mail: Mail,
    /// Fewest and most visits.
    pub(super) visits: (u64, u64),
    /// The visits lie between so many days ago, the larger first.
    pub(super) days: (u64, u64),
    /// Pages, as often as they are looked at.
    pub(super) pages: &'static [&'static str],
    /// What comes of one visit in three.
    pub(super) actions: &'static [Action],
    /// How many of a hundred newsletters are opened.
    pub(super) opens: u64,
}

/// Where someone's mail goes.
pub(super) enum Mail {
    Company,
    Free,
    University,
    Rival,
}

/// An event other than reading a page: its name, and its properties as they stand in the file.
pub(super) type Action = (&'static str, &'static str);

const EXECUTIVES: &[&str] =
    &["VP Sales", "Chief Revenue Officer", "Head of Growth", "VP, Marketing & Comms", "Co-Founder & CTO"];
const STAFF: &[&str] = &[
    "Marketing Manager",
    "Director of Demand Generation",
    "Sales Operations Analyst",
    "Growth Engineer",
    "Senior Product Manager",
    "Directrice commerciale",
    "Leiter Vertrieb",
];

const WHITE_PAPER: Action = ("Asset Downloaded", r#","asset":"scoring-white-paper""#);
const CHECKLIST: Action = ("Asset Downloaded", r#","asset":"handover-checklist""#);
const GUIDE: Action = ("Asset Downloaded", r#","asset":"buyers-guide""#);
const CONTACT: Action = ("Contact Form Submitted", "");
const ROI_TOOL: Action = ("ROI Calculator Used", "");
const WEBINAR: Action = ("Webinar Attended", r#","webinar":"pipeline-in-practice""#);
const DEMO: Action = ("Demo Requested", "");
const TRIAL: Action = ("Trial Started", "");
const SOCIAL: Action = ("page", r#","path":"/blog/decay","context":{"campaign":{"medium":"social"}}"#);
const UNSUBSCRIBED: Action = ("Email Unsubscribed", "");

/// All kinds; the shares add up to a hundred.
pub(super) const PERSONAS: &[Persona] = &[
    // In the middle of buying.
    Persona {
        share: 9,
        titles: EXECUTIVES,
        mail: Mail::Company,
        visits: (2, 5),
        days: (50, 2),
        pages: &[
            "/pricing",
            "/product",
            "/integrations/crm",
            "/customers/logistics",
            "/docs/start",
            "/product",
            "/",
        ],
        actions: &[DEMO, WEBINAR, ROI_TOOL, CONTACT],
        opens: 60,
    },
    // Comparing tools.
    Persona {
        share: 16,
        titles: STAFF,
        mail: Mail::Company,
        visits: (3, 8),
        days: (90, 2),
        pages: &[
            "/",
            "/product",
            "/integrations/crm",
            "/docs/start",
            "/customers/retail",
            "/blog/lead-scoring",
            "/about",
        ],
        actions: &[WEBINAR, WHITE_PAPER, GUIDE, TRIAL],
        opens: 45,
    },
    // Reading along, for months.
    Persona {
        share: 27,
        titles: STAFF,
        mail: Mail::Company,
        visits: (4, 12),
        days: (170, 3),
        pages: &["/blog/lead-scoring", "/blog/sales-handover", "/blog/decay", "/", "/docs/start", "/about"],
        actions: &[WHITE_PAPER, CHECKLIST, SOCIAL],
        opens: 35,
    },
    // Was about to buy, then fell silent.
    Persona {
        share: 13,
        titles: EXECUTIVES,
        mail: Mail::Company,
        visits: (5, 10),
        days: (175, 95),
        pages: &["/pricing", "/product", "/customers/logistics", "/integrations/crm", "/"],
        actions: &[DEMO, WEBINAR, ROI_TOOL],
        opens: 0,
    },
    // Interested, from a private address.
    Persona {
        share: 12,
        titles: &["Consultant", "Freelance Marketer", "Founder", ""],
        mail: Mail::Free,
        visits: (2, 6),
        days: (120, 1),
        pages: &["/", "/product", "/blog/decay", "/docs/start"],
        actions: &[TRIAL, GUIDE],
        opens: 25,
    },
    // Writing a thesis.
    Persona {
        share: 8,
        titles: &["Student", "Werkstudent Marketing", "Research Assistant"],
        mail: Mail::University,
        visits: (2, 8),
        days: (90, 5),
        pages: &["/blog/decay", "/blog/lead-scoring", "/docs/start", "/docs/api"],
        actions: &[WHITE_PAPER, GUIDE],
        opens: 30,
    },
    // Looking for a job.
    Persona {
        share: 7,
        titles: &["Account Executive", "Software Engineer"],
        mail: Mail::Free,
        visits: (2, 5),
        days: (60, 1),
        pages: &["/careers", "/careers/engineering", "/about", "/"],
        actions: &[SOCIAL],
        opens: 10,
    },
    // Has had enough.
    Persona {
        share: 5,
        titles: STAFF,
        mail: Mail::Company,
        visits: (2, 5),
        days: (150, 30),
        pages: &["/", "/blog/sales-handover", "/pricing"],
        actions: &[UNSUBSCRIBED],
        opens: 15,
    },
    // The competition, keeping an eye on us.
    Persona {
        share: 3,
        titles: &["Product Marketing Manager"],
        mail: Mail::Rival,
        visits: (4, 9),
        days: (60, 1),
        pages: &["/pricing", "/product", "/docs/api", "/integrations/crm"],
        actions: &[WEBINAR],
        opens: 20,
    },
];
