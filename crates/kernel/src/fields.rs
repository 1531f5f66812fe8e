//! stand-in
/// stand-in
pub fn is_free_mail_domain(domain: &str) -> bool {
    domain == "gmail.com"
}
