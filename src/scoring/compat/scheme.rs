//! The schemes: which tool's numbers are asked for, under the names that its users know.

use super::nervaluate::Mode;
use std::fmt;
use std::str::FromStr;

/// How tags spell spans where only well-formed sequences count (seqeval's strict mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagScheme {
    /// `B-` only where a span touches one of its own label before it.
    Iob1,
    /// Every span starts with `B-`.
    Iob2,
    /// `E-` only where a span touches one of its own label after it.
    Ioe1,
    /// Every span ends with `E-`.
    Ioe2,
    /// Begin, inside, end, and `S-` for a span of one token.
    Iobes,
    /// Begin, inside, last, and `U-` for a span of one token.
    Bilou,
}

impl TagScheme {
    /// All of them.
    pub const ALL: [TagScheme; 6] = [
        TagScheme::Iob1,
        TagScheme::Iob2,
        TagScheme::Ioe1,
        TagScheme::Ioe2,
        TagScheme::Iobes,
        TagScheme::Bilou,
    ];

    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            TagScheme::Iob1 => "IOB1",
            TagScheme::Iob2 => "IOB2",
            TagScheme::Ioe1 => "IOE1",
            TagScheme::Ioe2 => "IOE2",
            TagScheme::Iobes => "IOBES",
            TagScheme::Bilou => "BILOU",
        }
    }
}

/// How a sequence of tags is read as spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decoding {
    /// As conlleval reads it: forgiving, a span can start anywhere.
    Default,
    /// Only spans that are well formed under the tag scheme.
    Strict(TagScheme),
}

/// A tool and the mode that it is run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// nervaluate 1.2.1.
    Nervaluate(Mode),
    /// nervaluate 0.2.0, which counts otherwise.
    NervaluateLegacy(Mode),
    /// seqeval 1.2.2.
    Seqeval(Decoding),
    /// The spans that seqeval 1.2.2 reads from one sequence of tags, and no score.
    SeqevalDecode(Decoding),
    /// The script of the CoNLL shared tasks.
    Conlleval,
    /// presidio-evaluator 0.3.2, span evaluator.
    PresidioSpan,
    /// presidio-evaluator 0.3.2, token evaluator.
    PresidioToken,
    /// The Text Anonymization Benchmark, without its part-of-speech rule.
    Tab,
    /// openmed 3.1.0, leakage.
    OpenmedLeakage,
}

impl Scheme {
    /// Every scheme, in the order of the enumeration.
    pub fn all() -> Vec<Scheme> {
        let mut decodings = vec![Decoding::Default];
        decodings.extend(TagScheme::ALL.map(Decoding::Strict));
        let mut all = Vec::new();
        all.extend(Mode::ALL.map(Scheme::Nervaluate));
        all.extend(Mode::ALL.map(Scheme::NervaluateLegacy));
        all.extend(decodings.iter().copied().map(Scheme::Seqeval));
        all.extend(decodings.iter().copied().map(Scheme::SeqevalDecode));
        all.extend([
            Scheme::Conlleval,
            Scheme::PresidioSpan,
            Scheme::PresidioToken,
            Scheme::Tab,
            Scheme::OpenmedLeakage,
        ]);
        all
    }
}

impl fmt::Display for Decoding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decoding::Default => to.write_str("default"),
            Decoding::Strict(tags) => write!(to, "strict.{}", tags.name()),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scheme::Nervaluate(mode) => write!(to, "nervaluate.{}", mode.name()),
            Scheme::NervaluateLegacy(mode) => write!(to, "nervaluate-0.2.0.{}", mode.name()),
            Scheme::Seqeval(decoding) => write!(to, "seqeval.{decoding}"),
            Scheme::SeqevalDecode(decoding) => write!(to, "seqeval.decode.{decoding}"),
            Scheme::Conlleval => to.write_str("conlleval"),
            Scheme::PresidioSpan => to.write_str("presidio.span"),
            Scheme::PresidioToken => to.write_str("presidio.token"),
            Scheme::Tab => to.write_str("tab"),
            Scheme::OpenmedLeakage => to.write_str("openmed.leakage"),
        }
    }
}

/// A name that no scheme has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scheme `{0}`; there are: {known}", known = known())]
pub struct UnknownScheme(pub String);

fn known() -> String {
    let names: Vec<String> = Scheme::all().iter().map(Scheme::to_string).collect();
    names.join(", ")
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(name: &str) -> Result<Self, UnknownScheme> {
        Scheme::all()
            .into_iter()
            .find(|scheme| scheme.to_string() == name)
            .ok_or_else(|| UnknownScheme(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheme_is_found_by_its_own_name() {
        for scheme in Scheme::all() {
            assert_eq!(scheme.to_string().parse(), Ok(scheme));
        }
    }

    #[test]
    fn an_unknown_scheme_is_an_error_that_lists_the_known_ones() {
        let error = "nervaluate.loose".parse::<Scheme>().unwrap_err();
        assert!(error.to_string().contains("nervaluate.ent_type"), "{error}");
    }
}
