//! Where a visit came from: campaign parameters, click ids, the page before; and the usual channels made of them.

/// Where a visit came from, as far as it is told; all in lower case but the names of campaign and content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// `google`, `newsletter`, `partner.example`
    pub source: String,
    /// `cpc`, `email`, `organic`
    pub medium: String,
    /// The campaign.
    pub campaign: String,
    /// The piece of content.
    pub content: String,
}

/// Click ids that advertisers' links carry, with what they stand for.
const CLICKS: [(&str, &str, &str); 5] = [
    ("gclid", "google", "cpc"),
    ("msclkid", "bing", "cpc"),
    ("fbclid", "facebook", "social"),
    ("li_fat_id", "linkedin", "cpc"),
    ("ttclid", "tiktok", "cpc"),
];

const SEARCH: [&str; 9] =
    ["google", "bing", "yahoo", "duckduckgo", "ecosia", "baidu", "yandex", "startpage", "qwant"];
const SOCIAL: [&str; 14] = [
    "facebook",
    "instagram",
    "linkedin",
    "lnkd",
    "twitter",
    "t",
    "x",
    "reddit",
    "pinterest",
    "tiktok",
    "threads",
    "xing",
    "quora",
    "mastodon",
];
const VIDEO: [&str; 4] = ["youtube", "vimeo", "twitch", "wistia"];

impl Origin {
    /// Where a visit came from; `field` looks up what the visit tells: `utm_source` and its kin, click ids, `url` and
    /// `referrer`. `None` where nothing is told: most pages of a visit are not how it began.
    #[must_use]
    pub fn of(field: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let url = field("url").unwrap_or_default();
        let told = |name: &str| {
            let given = field(name).filter(|text| !text.trim().is_empty());
            given.map(|text| text.trim().to_owned()).or_else(|| parameter(&url, name))
        };
        let name = |name: &str| told(name).unwrap_or_default();
        let mut origin = Self {
            source: name("utm_source").to_lowercase(),
            medium: name("utm_medium").to_lowercase(),
            campaign: name("utm_campaign"),
            content: name("utm_content"),
        };
        if origin.source.is_empty() && origin.medium.is_empty() {
            let click = CLICKS.iter().find(|(id, ..)| told(id).is_some());
            let click = click.map(|(_, source, medium)| ((*source).to_owned(), *medium));
            let referred = || from_page(&field("referrer")?, &url);
            if let Some((source, medium)) = click.or_else(referred) {
                (origin.source, origin.medium) = (source, medium.to_owned());
            }
        }
        (origin != Self::default()).then_some(origin)
    }

    /// The usual channel: `Paid Search`, `Email`, `Referral`.
    #[must_use]
    pub fn channel(&self) -> &'static str {
        let (source, medium) = (site(&self.source), self.medium.as_str());
        let either = |names: &[&str]| names.contains(&source) || names.contains(&medium);
        let pays =
            medium.contains("cp") || medium.contains("paid") || ["ppc", "retargeting"].contains(&medium);
        let bought = |paid, organic| if pays { paid } else { organic };
        if ["direct", "(direct)"].contains(&&*self.source) || self.source.is_empty() && medium == "(none)" {
            "Direct"
        } else if either(&["email", "e-mail", "e_mail", "mail", "newsletter"]) {
            "Email"
        } else if either(&["sms"]) {
            "SMS"
        } else if ["affiliate", "affiliates"].contains(&medium) {
            "Affiliates"
        } else if ["event", "events", "webinar", "tradeshow", "trade-show", "conference"].contains(&medium) {
            "Events"
        } else if ["display", "banner", "cpm", "expandable", "interstitial"].contains(&medium) {
            "Display"
        } else if SEARCH.contains(&source) || medium == "organic" {
            bought("Paid Search", "Organic Search")
        } else if SOCIAL.contains(&source) || medium.starts_with("social") || medium == "sm" {
            bought("Paid Social", "Organic Social")
        } else if VIDEO.contains(&source) || medium.contains("video") {
            bought("Paid Video", "Organic Video")
        } else if pays {
            "Paid Other"
        } else if ["referral", "app", "link", "partner"].contains(&medium) {
            "Referral"
        } else {
            "Other"
        }
    }
}

/// What the page before tells; nothing where it is of the same site.
fn from_page(referrer: &str, url: &str) -> Option<(String, &'static str)> {
    let host = host(referrer)?;
    if self::host(url).is_some_and(|own| own == host) {
        return None;
    }
    let medium = match site(&host) {
        site if SEARCH.contains(&site) => "organic",
        site if SOCIAL.contains(&site) => "social",
        site if VIDEO.contains(&site) => "video",
        _ => "referral",
    };
    Some((host, medium))
}

/// A host without `www.`, in lower case.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// What people call a site: `google` for `www.google.co.uk`; a name without dots stands for itself.
fn site(source: &str) -> &str {
    let labels: Vec<&str> = source.split('.').collect();
    let known = |label: &&&str| {
        label.len() > 1 && (SEARCH.contains(label) || SOCIAL.contains(label) || VIDEO.contains(label))
    };
    match labels.as_slice() {
        [name] | [name, "co" | "com"] => name,
        all => all[..all.len() - 1].iter().find(known).copied().unwrap_or(source),
    }
}

/// A parameter of a URL, decoded as far as names need it.
fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next()?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, value)| *key == name && !value.is_empty())?;
    Some(decoded(value))
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [byte, after @ ..] = rest {
        let code =
            after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        (rest, bytes) = match (byte, code) {
            (b'%', Some(code)) => (&after[2..], with(bytes, code)),
            (b'+', _) => (after, with(bytes, b' ')),
            (byte, _) => (after, with(bytes, *byte)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn with(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(fields: &[(&str, &str)]) -> Option<&'static str> {
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Origin::of(field).map(|origin| origin.channel())
    }

    #[test]
    fn campaign_parameters_tell_the_channel() {
        let check = |source, medium, expect| {
            assert_eq!(channel(&[("utm_source", source), ("utm_medium", medium)]), Some(expect));
        };
        check("google", "cpc", "Paid Search");
        check("Google", "organic", "Organic Search");
        check("linkedin", "paid-social", "Paid Social");
        check("linkedin", "social", "Organic Social");
        check("youtube.com", "video", "Organic Video");
        check("hubspot", "email", "Email");
        check("newsletter", "", "Email");
        check("saastr", "conference", "Events");
        check("criteo", "display", "Display");
        check("capterra", "cpc", "Paid Other");
        check("partner.example", "referral", "Referral");
        check("(direct)", "(none)", "Direct");
        check("something", "", "Other");
    }

    #[test]
    fn a_url_tells_as_much_as_properties() {
        let url =
            "https://acme.example/?utm_source=news%20letter&utm_medium=email&utm_campaign=spring+sale%21#top";
        let origin = Origin::of(|name| (name == "url").then(|| url.to_owned())).expect("an origin");
        assert_eq!((&*origin.source, &*origin.campaign), ("news letter", "spring sale!"));
        assert_eq!(channel(&[("url", "https://acme.example/?gclid=x")]), Some("Paid Search"));
    }

    #[test]
    fn the_page_before_tells_where_nothing_else_does() {
        assert_eq!(channel(&[("referrer", "https://www.google.co.uk/")]), Some("Organic Search"));
        assert_eq!(channel(&[("referrer", "https://lnkd.in/x")]), Some("Organic Social"));
        assert_eq!(channel(&[("referrer", "https://blog.example/post")]), Some("Referral"));
    }

    #[test]
    fn a_page_of_the_same_site_is_no_touchpoint() {
        let url = ("url", "https://www.acme.example/pricing");
        assert_eq!(channel(&[url, ("referrer", "https://acme.example/")]), None);
        assert_eq!(channel(&[url]), None);
    }
}
