//! What has a form of its own on the net: e-mail addresses, links, tokens, addresses of machines,
//! wallets and places.

use super::finder::Finder;
use super::labels::LABELS;
use super::pattern;
use memchr::{memchr, memmem};
use regex::bytes::Regex;
use std::sync::LazyLock;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+",
    )
});
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?:https?://|www\.)[^\s"<>\x03\x04]+"#));
/// A link that opens something for whoever holds it carries a key, not just a page's address.
static KEYED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[?&#/](?:token|t|k|key|code|otp|sig|signature|auth|sid|session|magic|reset|ticket|jwt|r|id)=[^&\s]{4,}|/[a-z0-9_-]*[0-9][a-z0-9_-]{15,}",
    )
});
static HANDLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"@[a-z0-9_][a-z0-9_.]{2,29}"));
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\beyj[a-z0-9_-]{6,}\.[a-z0-9_-]{4,}\.?[a-z0-9_-]*|\b(?:sk|pk|tok|ghp|at|rt)_[a-z0-9_]{8,}",
    )
});
static IP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){1,6}::?(?:[0-9a-f]{1,4})?(?::[0-9a-f]{1,4})*\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*::[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*\b",
    )
});
static PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"-?\b[0-9]{1,2}\.[0-9]{3,}, ?-?[0-9]{1,3}\.[0-9]{3,}"));
static WALLET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:(?:bc|tb)1[02-9ac-hj-np-z]{20,70}|0x[0-9a-f]{40}|[13mn2][1-9a-z]{24,34})\b")
});

/// Finds them.
pub fn find(finder: &mut Finder<'_>) {
    let text = finder.folded.bytes();
    if memchr(b'@', text).is_some() {
        for hit in EMAIL.find_iter(text) {
            finder.claim(hit.range(), LABELS.email_address);
        }
        if finder.scene.by_customer() {
            for hit in HANDLE.find_iter(text) {
                let end = hit.end() - usize::from(text[hit.end() - 1] == b'.');
                finder.claim(hit.start()..end, LABELS.social_handle);
            }
        }
    }
    if memmem::find(text, b"://").is_some() || memmem::find(text, b"www.").is_some() {
        for hit in LINK.find_iter(text) {
            let kept = hit
                .as_bytes()
                .iter()
                .rposition(|byte| !b".,;:!?)'".contains(byte));
            let range = hit.start()..hit.start() + kept.map_or(0, |last| last + 1);
            if KEYED.is_match(&text[range.clone()]) {
                finder.claim(range, LABELS.secret_link);
            } else {
                finder.rule_out(range);
            }
        }
    }
    if memmem::find(text, b"eyj").is_some() || memchr(b'_', text).is_some() {
        for hit in TOKEN.find_iter(text) {
            finder.claim(hit.range(), LABELS.access_token);
        }
    }
    if finder.clusters.is_empty() {
        return;
    }
    if memchr(b'.', text).is_some() || memmem::find(text, b"::").is_some() {
        for hit in PLACE.find_iter(text) {
            finder.claim(hit.range(), LABELS.geo_location);
        }
        for hit in IP.find_iter(text) {
            let octets = hit.as_bytes().split(|&byte| byte == b'.');
            let sound = octets.clone().count() != 4
                || octets.clone().all(|octet| {
                    std::str::from_utf8(octet).is_ok_and(|octet| octet.parse::<u8>().is_ok())
                });
            if sound {
                finder.claim(hit.range(), LABELS.ip_address);
            }
        }
    }
    if text.len() >= 25 {
        for hit in WALLET.find_iter(text) {
            let letters = hit
                .as_bytes()
                .iter()
                .filter(|byte| byte.is_ascii_alphabetic())
                .count();
            if letters >= 2 {
                finder.claim(hit.range(), LABELS.crypto_address);
            }
        }
    }
}
