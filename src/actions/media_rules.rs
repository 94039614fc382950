//! What WhatsApp takes as a file: kinds, MIME types and sizes. Source: Meta's page "Media", section "Supported media types".

use super::{has_word, refuse_text};
use crate::fault::{Fallible, invalid};
use crate::prelude::*;
use crate::text::split;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// What a message of one kind can hold.
#[derive(Debug)]
pub struct Rule {
    /// The kind, as `send-media` calls it.
    pub kind: &'static str,
    /// Largest file in bytes. Of a sticker, that of an animated one: whether it moves cannot be seen from outside.
    pub max: u64,
    /// Its MIME types without parameters, and how files of each are named.
    pub types: &'static [(&'static str, &'static str)],
}

/// One row for each kind. A sound may be a voice note only as OGG.
pub const RULES: &[Rule] = &[
    Rule {
        kind: "image",
        max: 5 * MB,
        types: &[("image/jpeg", "jpg"), ("image/png", "png")],
    },
    Rule {
        kind: "video",
        max: 16 * MB,
        types: &[("video/mp4", "mp4"), ("video/3gpp", "3gp")],
    },
    Rule {
        kind: "audio",
        max: 16 * MB,
        types: &[
            ("audio/aac", "aac"),
            ("audio/amr", "amr"),
            ("audio/mpeg", "mp3"),
            ("audio/mp4", "m4a"),
            ("audio/ogg", "ogg"),
        ],
    },
    Rule {
        kind: "voice",
        max: 16 * MB,
        types: &[("audio/ogg", "ogg")],
    },
    Rule {
        kind: "document",
        max: 100 * MB,
        types: &[
            ("application/pdf", "pdf"),
            ("text/plain", "txt"),
            ("application/msword", "doc"),
            (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "docx",
            ),
            ("application/vnd.ms-excel", "xls"),
            (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
            ),
            ("application/vnd.ms-powerpoint", "ppt"),
            (
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "pptx",
            ),
        ],
    },
    Rule {
        kind: "sticker",
        max: 500 * KB,
        types: &[("image/webp", "webp")],
    },
];

/// The kind that also takes the types of the others.
const DOCUMENT: &str = "document";

const OPUS_ADVICE: &str = "Convert the sound to OGG with the Opus codec and one channel (mono), which audio converters such as FFmpeg can do, \
                           and give audio/ogg; codecs=opus. Kind audio also takes AAC, AMR, MP3 and M4A.";

/// A MIME type without its parameters, in lower case.
pub fn bare(mime_type: &str) -> String {
    let bare = split(mime_type, b';').next().unwrap_or_default();
    bare.trim_ascii().to_ascii_lowercase()
}

/// How files of this MIME type are named; nothing for a type that WhatsApp does not take.
pub fn extension(mime_type: &str) -> Option<&'static str> {
    row(mime_type).map(|(_, extension)| extension)
}

/// The kind of message that holds files of this MIME type: the first row that has it.
pub fn kind_of(mime_type: &str) -> Option<&'static str> {
    row(mime_type).map(|(rule, _)| rule.kind)
}

fn row(mime_type: &str) -> Option<(&'static Rule, &'static str)> {
    let bare = bare(mime_type);
    RULES
        .iter()
        .find_map(|rule| Some((rule, rule.extension(&bare)?)))
}

impl Rule {
    /// How files of this MIME type, which comes bare, are named.
    fn extension(&self, bare: &str) -> Option<&'static str> {
        let mut types = self.types.iter();
        let (_, extension) = types.find(|(name, _)| *name == bare)?;
        Some(extension)
    }
}

fn rule(kind: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind)
}

/// Refuses a MIME type that a message of this kind cannot hold. A document may be a file of any kind here; what is in no row cannot be
/// uploaded.
pub fn check_type(field: &str, mime_type: &str, kind: &str) -> Fallible<()> {
    let bare = bare(mime_type);
    let known = match kind {
        DOCUMENT => row(&bare).is_some(),
        kind => rule(kind).is_some_and(|rule| rule.extension(&bare).is_some()),
    };
    // Of a type's parameters only the codec counts, and of the codecs only that of OGG.
    let has = |word| has_word(mime_type, word);
    let other_codec = bare == "audio/ogg" && has("codecs") && !has("opus");
    if known && !other_codec {
        return Ok(());
    }
    let mut expected = "expected ".to_owned();
    for (position, (name, _)) in rule(kind)
        .map_or(&[][..], |rule| rule.types)
        .iter()
        .enumerate()
    {
        expected.push_str(if position > 0 { ", " } else { "" });
        expected.push_str(name);
    }
    let expected = [&expected, " for kind ", kind, ", got"].joined("");
    Err(refuse_text(
        field,
        &expected,
        mime_type,
        &advice(mime_type, kind),
    ))
}

/// What to do with a file that does not fit `kind`.
fn advice(mime_type: &str, kind: &str) -> String {
    let family = likely_kind(mime_type);
    if family == "audio" {
        return OPUS_ADVICE.to_owned();
    }
    if let Some((rule, _)) = row(mime_type) {
        return ["Choose kind ", rule.kind, ", or convert the file."].joined("");
    }
    let good = match if family == DOCUMENT { kind } else { family } {
        // Phones make HEIC, browsers GIF and SVG.
        "image" => "a JPEG or PNG picture",
        "sticker" => "a WebP picture",
        "video" => "an MP4 video with H.264 and AAC",
        "audio" | "voice" => return OPUS_ADVICE.to_owned(),
        _ => "a PDF document",
    };
    [
        "Convert the file into ",
        good,
        ", or send a link to it in a text.",
    ]
    .joined("")
}

/// The kind of message that holds files of this MIME type, or that would if it were another type of its family.
pub fn likely_kind(mime_type: &str) -> &'static str {
    let bare = bare(mime_type);
    let family = split(&bare, b'/').next().unwrap_or_default();
    match (kind_of(&bare), family) {
        (Some(kind), _) => kind,
        (None, "image") => "image",
        (None, "video") => "video",
        (None, "audio") => "audio",
        _ => DOCUMENT,
    }
}

/// Refuses a file that is larger than a message of this kind can hold.
pub fn check_size(field: &str, bytes: u64, kind: &str) -> Fallible<()> {
    match rule(kind) {
        Some(rule) if bytes > rule.max => Err(invalid(
            field,
            &format!("at most {} bytes for kind {kind}, got {bytes}", rule.max),
            match kind {
                DOCUMENT => "Make the file smaller, or send a link to it in a text.",
                _ => "Make the file smaller, or send it as a document (up to 100 MB).",
            },
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::whatsapp::connector::types::Error;

    fn advice(result: Fallible<()>) -> Option<String> {
        match result.map_err(|error| *error) {
            Err(Error::PermanentInvalidInput(fault)) => Some(fault.advice),
            Err(other) => unreachable!("{other:?}"),
            Ok(()) => None,
        }
    }

    #[test]
    fn a_type_goes_with_its_kind() {
        for (kind, mime_type) in [
            ("image", "image/jpeg"),
            ("image", "IMAGE/PNG"),
            ("video", "video/3gpp"),
            ("audio", "audio/ogg; codecs=opus"),
            ("audio", "audio/ogg"),
            ("voice", "audio/ogg;codecs=\"opus\""),
            ("document", "application/pdf"),
            ("document", "text/plain; charset=utf-8"),
            ("document", "image/png"),
            ("sticker", "image/webp"),
        ] {
            assert_eq!(
                check_type("f", mime_type, kind),
                Ok(()),
                "{kind} {mime_type}"
            );
        }
        for (kind, mime_type) in [
            ("image", "image/webp"),
            ("image", "image/gif"),
            ("image", "jpeg"),
            ("video", "video/quicktime"),
            ("audio", "audio/wav"),
            ("audio", "audio/opus"),
            ("audio", "audio/ogg; codecs=vorbis"),
            ("voice", "audio/mpeg"),
            ("document", "application/zip"),
            ("document", "audio/ogg; codecs=vorbis"),
            ("sticker", "image/png"),
        ] {
            let advice = advice(check_type("f", mime_type, kind));
            let advice = advice.unwrap_or_else(|| unreachable!("{kind} takes {mime_type}"));
            assert_eq!(
                advice.contains("Opus"),
                mime_type.starts_with("audio/"),
                "{kind} {mime_type}: {advice}"
            );
        }
    }

    #[test]
    fn the_largest_file_is_taken_and_one_byte_more_is_not() {
        for (kind, max) in [
            ("image", 5_242_880),
            ("video", 16_777_216),
            ("audio", 16_777_216),
            ("voice", 16_777_216),
            ("document", 104_857_600),
            ("sticker", 512_000),
        ] {
            assert_eq!(check_size("size", max, kind), Ok(()), "{kind}");
            assert!(check_size("size", max + 1, kind).is_err(), "{kind}");
        }
    }

    #[test]
    fn the_advice_says_what_to_convert_into_or_which_kind_fits() {
        for (kind, mime_type, says) in [
            ("image", "image/webp", "kind sticker"),
            ("image", "application/pdf", "kind document"),
            ("sticker", "image/png", "kind image"),
            ("image", "image/heic", "JPEG"),
            ("document", "image/heic", "JPEG"),
            ("image", "jpeg", "JPEG"),
            ("sticker", "webp", "WebP"),
            ("video", "video/quicktime", "MP4"),
            ("voice", "application/octet-stream", "Opus"),
            ("document", "application/zip", "PDF"),
        ] {
            let advice = advice(check_type("f", mime_type, kind)).unwrap_or_default();
            assert!(advice.contains(says), "{kind} {mime_type}: {advice}");
        }
    }

    #[test]
    fn a_type_tells_the_kind_and_the_name() {
        assert_eq!(kind_of("image/webp"), Some("sticker"));
        assert_eq!(kind_of("audio/ogg; codecs=opus"), Some("audio"));
        assert_eq!(extension("audio/mpeg"), Some("mp3"));
        assert_eq!(kind_of("application/zip"), None);
        assert_eq!(likely_kind("application/zip"), "document");
        assert_eq!(likely_kind("Image/HEIC"), "image");
        assert_eq!(likely_kind("image/webp"), "sticker");
    }
}
