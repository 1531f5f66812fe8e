//! Tables of e-mail addresses with their domains and kinds.

use proptest::prelude::*;

use super::*;

#[test]
fn the_domain_is_what_someone_registered() {
    for (text, domain) in [
        ("ann@acme.example", "acme.example"),
        ("ann@rival.example", "rival.example"),
        ("ann@mail.acme.example", "acme.example"),
        ("ann@acme.com", "acme.com"),
        ("ann@eu.mail.acme.co.uk", "acme.co.uk"),
        ("ann@acme.com.au", "acme.com.au"),
        ("ann@acme.city.kawasaki.jp", "city.kawasaki.jp"),
        ("ann@a.b.kawasaki.jp", "a.b.kawasaki.jp"),
        ("ann@www.ck", "www.ck"),
        ("ann@acme.unknown", "acme.unknown"),
        ("ann@pages.github.io", "pages.github.io"),
        ("ann@github.io", "github.io"),
        ("ann@acme.za.com", "acme.za.com"),
        ("ann@za.com", "za.com"),
        ("ann@sub.myshopify.com", "sub.myshopify.com"),
        ("ann@3m.com", "3m.com"),
        ("ann@4711.de", "4711.de"),
    ] {
        check_domain(text, Some(domain));
    }
}

#[test]
fn case_spaces_dots_and_wrapping_do_not_matter() {
    for text in [
        "Ann@ACME.co.uk",
        "  ann@acme.co.uk\t",
        "ann@acme.co.uk.",
        "ann+newsletter@acme.co.uk",
        "Ann Lee <ann@acme.co.uk>",
        "\"Lee, Ann\" <ann@mail.acme.co.uk>",
        "<ann@acme.co.uk>",
        "Ann < ann@acme.co.uk > ",
        "mailto:ann@acme.co.uk",
        "MailTo:ann@acme.co.uk",
        "\"ann lee\"@acme.co.uk",
        "\"a@b\"@acme.co.uk",
        "\"a<b>\"@acme.co.uk",
        "o'neil_ann-marie.x/y=z@acme.co.uk",
        "анна@acme.co.uk",
    ] {
        check_domain(text, Some("acme.co.uk"));
    }
}

#[test]
fn an_internationalised_domain_is_given_in_unicode_letters() {
    for (text, domain) in [
        ("ann@bücher.example", "bücher.example"),
        ("ann@BÜCHER.example", "bücher.example"),
        ("ann@bu\u{308}cher.example", "bücher.example"),
        ("ann@xn--bcher-kva.example", "bücher.example"),
        ("ann@XN--BCHER-KVA.EXAMPLE", "bücher.example"),
        ("ann@shop.bücher.example.", "bücher.example"),
        ("ann@straße.de", "straße.de"),
        ("ann@例え.jp", "例え.jp"),
        ("ann@a.公司.cn", "a.公司.cn"),
        ("ann@a.xn--55qx5d.cn", "a.公司.cn"),
        ("ann@почта.рф", "почта.рф"),
        ("ann@acme。example", "acme.example"),
    ] {
        check_domain(text, Some(domain));
    }
}

#[test]
fn what_mail_cannot_reach_has_no_domain_and_is_invalid() {
    let long_label = format!("ann@{}.example", "a".repeat(64));
    let long_host = format!("ann@{}example", "abcdefgh.".repeat(28));
    let long_local = format!("{}@acme.example", "a".repeat(65));
    for text in [
        "",
        " ",
        "@",
        "ann",
        "ann@",
        "@acme.example",
        "acme.example",
        "ann@localhost",
        "ann@co.uk",
        "ann@com",
        "ann@127.0.0.1",
        "ann@[127.0.0.1]",
        "ann@acme..example",
        "ann@.acme.example",
        "ann@acme.example..",
        "ann@-acme.example",
        "ann@acme-.example",
        "ann@ac me.example",
        "ann lee@acme.example",
        "ann@acme_inc.example",
        "ann@@acme.example",
        ".ann@acme.example",
        "ann.@acme.example",
        "an..n@acme.example",
        "\"\"@acme.example",
        "\"ann@acme.example",
        "ann@acme.example;bob@acme.example",
        "ann@acme.example, bob@acme.example",
        "Ann <>",
        "Ann <ann@acme.example",
        "ann@xn--.example",
        "ann@xn--zzzzzz99999.example",
        "ann@acme.123",
        "n/a",
        "-",
        "none",
        &long_label,
        &long_host,
        &long_local,
    ] {
        check_domain(text, None);
        check_kind(text, EmailKind::Invalid);
    }
}

#[test]
fn a_person_at_an_organisation_is_work() {
    for text in [
        "ann@acme.example",
        "a.lee@acme.co.uk",
        "ann+events@acme.com",
        "ann@uni-bonn.de",
        "ann@nus.edu.sg",
        "ann@test.de",
        "ann@acme.za.com",
        "ann@notgmail.com.acme.example",
        "Ann Lee <ann.lee@sales.acme.example>",
    ] {
        check_kind(text, EmailKind::Work);
    }
}

#[test]
fn a_provider_for_anyone_is_free() {
    for text in [
        "ann@gmail.com",
        "Ann <ANN@GMAIL.COM>",
        "ann@googlemail.com",
        "ann@outlook.de",
        "ann@hotmail.co.uk",
        "ann@yahoo.com.br",
        "ann@yahoo.co.jp",
        "ann@ymail.com",
        "ann@live.nl",
        "ann@msn.com",
        "ann@icloud.com",
        "ann@me.com",
        "x7@privaterelay.appleid.com",
        "ann@aol.com",
        "ann@gmx.de",
        "ann@gmx.net",
        "ann@web.de",
        "ann@t-online.de",
        "ann@freenet.de",
        "ann@bluewin.ch",
        "ann@orange.fr",
        "ann@wanadoo.fr",
        "ann@laposte.net",
        "ann@free.fr",
        "ann@libero.it",
        "ann@virgilio.it",
        "ann@telefonica.net",
        "ann@terra.es",
        "ann@sapo.pt",
        "ann@uol.com.br",
        "ann@qq.com",
        "ann@vip.qq.com",
        "ann@163.com",
        "ann@126.com",
        "ann@sina.cn",
        "ann@mail.ru",
        "ann@bk.ru",
        "ann@yandex.ru",
        "ann@naver.com",
        "ann@daum.net",
        "ann@docomo.ne.jp",
        "ann@rediffmail.com",
        "ann@proton.me",
        "ann@protonmail.com",
        "ann@tutanota.com",
        "ann@fastmail.com",
        "ann@zohomail.com",
        "ann@comcast.net",
        "ann@tampabay.rr.com",
        "ann@btinternet.com",
        "ann@bigpond.com",
        "ann@xtra.co.nz",
        "ann@wp.pl",
        "ann@seznam.cz",
        "ann@telenet.be",
        "ann@ziggo.nl",
        "ann@consultant.com",
    ] {
        check_kind(text, EmailKind::Free);
    }
}

#[test]
fn a_throw_away_mailbox_is_disposable() {
    let addresses = "ann@mailinator.com ann@guerrillamail.com ann@10minutemail.com ann@yopmail.com ann@temp-mail.org \
                  ann@sub.mailinator.com ANN@YOPMAIL.COM ann@trashmail.com ann@sharklasers.com";
    for text in addresses.split_whitespace() {
        check_kind(text, EmailKind::Disposable);
    }
}

#[test]
fn a_mailbox_of_a_function_is_role() {
    for text in [
        "info@acme.example",
        "Sales@acme.example",
        "no-reply@acme.example",
        "kontakt@acme.de",
        "vertrieb@acme.de",
        "contacto@acme.es",
        "ventas@acme.es",
        "comptabilite@acme.fr",
        "support-team@acme.com",
        "info.de@acme.com",
        "Acme Sales <sales+spring@acme.example>",
    ] {
        check_kind(text, EmailKind::Role);
    }
}

#[test]
fn invalid_comes_before_disposable_before_free_before_role() {
    check_kind("info@acme", EmailKind::Invalid);
    check_kind("info@mailinator.com", EmailKind::Disposable);
    check_kind("info@gmail.com", EmailKind::Free);
    check_kind("info@acme.example", EmailKind::Role);
}

#[test]
fn free_and_disposable_domains_give_no_account() {
    for (domain, expect) in [
        ("gmail.com", true),
        ("mailinator.com", true),
        ("yahoo.co.uk", true),
        ("acme.example", false),
        ("acme.co.uk", false),
        ("notgmail.com", false),
        ("bücher.example", false),
        ("com", false),
        ("", false),
    ] {
        assert_eq!(is_free_mail_domain(domain), expect, "`{domain}`");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", host in "[a-zß0-9.xn-]{0,40}") {
        for text in [text.clone(), format!("ann@{text}"), format!("{text}@acme.example"), format!("a@{host}")] {
            let (domain, kind) = (email_domain(&text), email_kind(&text));
            prop_assert_eq!(domain.is_none(), kind == EmailKind::Invalid, "`{}`", text);
        }
    }

    #[test]
    fn ascii_case_and_surrounding_spaces_do_not_matter(text in "[a-z.+-]{1,12}@[a-z.-]{1,20}", before in "\\s{0,3}") {
        let loud = format!("{before}{}{before}", text.to_ascii_uppercase());
        prop_assert_eq!(email_domain(&text), email_domain(&loud));
        prop_assert_eq!(email_kind(&text), email_kind(&loud));
    }

    #[test]
    fn the_domain_of_a_domain_is_itself(text in "ann@([a-zü]{1,8}\\.){0,3}(com|co\\.uk|example|github\\.io)") {
        if let Some(domain) = email_domain(&text) {
            let again = format!("bob@{domain}");
            prop_assert_eq!(email_domain(&again), Some(domain));
        }
    }
}

fn check_domain(text: &str, expect: Option<&str>) {
    assert_eq!(email_domain(text).as_deref(), expect, "`{text}`");
}

fn check_kind(text: &str, expect: EmailKind) {
    assert_eq!(email_kind(text), expect, "`{text}`");
}
