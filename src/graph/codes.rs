//! What Meta's error codes mean for the caller: one table for refused calls and for errors that come by webhook.
//!
//! Source: Meta's pages "Error codes" (WhatsApp), "Error handling" (Graph API), and those of groups, calling and block users. Meta
//! advises to build on the code, not on the HTTP status, the title or the subcode; the one exception is 100/33, an unknown object.

use crate::contract::whatsapp::connector::types::{Error, Fault};
use crate::prelude::*;
use Class::*;

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Wait, then try again.
    RateLimited,
    /// Try again with growing pauses.
    Unavailable,
    /// Correct the input.
    InvalidInput,
    /// Connect again.
    Unauthorized,
    /// Send a template.
    WindowClosed,
    /// Do what the advice says; repeating does not help.
    Rejected,
}

impl Class {
    /// The error of this class.
    pub fn error(self, fault: Fault) -> Error {
        match self {
            RateLimited => Error::RateLimited(fault),
            Unavailable => Error::Unavailable(fault),
            InvalidInput => Error::PermanentInvalidInput(fault),
            Unauthorized => Error::PermanentUnauthorized(fault),
            WindowClosed => Error::PermanentWindowClosed(fault),
            Rejected => Error::PermanentRejected(fault),
        }
    }
}

/// One code, or a range of codes that mean the same.
#[derive(Debug)]
pub struct Entry {
    first: u32,
    last: u32,
    subcode: Option<i64>,
    /// What a caller can do.
    pub class: Class,
    field: &'static str,
    wait_s: u16,
    /// What a person should do next.
    pub advice: &'static str,
}

impl Entry {
    /// The input field that the code is about, when it can be no other.
    pub fn field(&self) -> Option<String> {
        (!self.field.is_empty()).then(|| self.field.to_owned())
    }

    /// How long Meta advises to wait, in milliseconds.
    pub fn wait_ms(&self) -> Option<u64> {
        (self.wait_s > 0).then(|| u64::from(self.wait_s) * 1000)
    }
}

/// Advice for a code that is not in the table.
pub const UNKNOWN_ADVICE: &str = "This connector does not know the code. Meta's words above say what is wrong; give the trace id to Meta's support if they do not.";

/// Finds the row of a code; where rows overlap, the first one counts. An error without a code is not one with the code 0.
pub fn find(code: Option<i64>, subcode: Option<i64>) -> Option<&'static Entry> {
    let code = u32::try_from(code?).ok()?;
    TABLE.iter().find(|entry| {
        (entry.first..=entry.last).contains(&code)
            && (entry.subcode.is_none() || entry.subcode == subcode)
    })
}

/// A row: first and last code, subcode, class, input field, seconds to wait (0: not known), advice.
const fn row(
    first: u32,
    last: u32,
    subcode: Option<i64>,
    class: Class,
    field: &'static str,
    wait_s: u16,
    advice: &'static str,
) -> Entry {
    Entry {
        first,
        last,
        subcode,
        class,
        field,
        wait_s,
        advice,
    }
}

#[rustfmt::skip]
static TABLE: &[Entry] = &[
    row(0, 0, None, Unauthorized, "", 0, "Connect again with a new access token; a system user's token does not end."),
    row(1, 1, None, Unavailable, "", 0, "Try again a few times. If it stays, look at metastatus.com and check the input: Meta uses this code for both."),
    row(2, 2, None, Unavailable, "", 0, "Meta has a disturbance. Try again later; metastatus.com tells more."),
    row(3, 3, None, Unauthorized, "", 0, "The app may not do this. Check the token's permissions with validate-connection."),
    row(4, 4, None, RateLimited, "", 0, "The app made too many calls. Wait, then call less often."),
    row(10, 10, None, Unauthorized, "", 0, "A permission is missing or was taken back. Give the app whatsapp_business_messaging and whatsapp_business_management, then connect again."),
    row(17, 17, None, RateLimited, "", 0, "This user made too many calls. Wait, then call less often."),
    row(33, 33, None, Rejected, "phone_number_id", 0, "The phone number was deleted. Take one that list-phone-numbers shows."),
    row(100, 100, Some(33), InvalidInput, "", 0, "There is no object with this id, or the token may not see it. Check the id; validate-connection shows the accounts that the token was given, list-phone-numbers their numbers."),
    row(100, 100, None, InvalidInput, "", 0, "Meta does not accept a value. The details name it; correct it and run again."),
    row(102, 102, None, Unauthorized, "", 0, "The login has ended. Connect again."),
    row(104, 104, None, Unauthorized, "", 0, "No access token arrived. Connect the account, or have the operator set the token."),
    row(190, 190, None, Unauthorized, "", 0, "The access token is invalid or has ended. Connect again; a system user's token does not end."),
    row(200, 299, None, Unauthorized, "", 0, "A permission is missing. Give the app whatsapp_business_messaging and whatsapp_business_management, then connect again."),
    row(368, 368, None, Rejected, "", 0, "Meta has restricted this business for breaking a policy. See Account Quality in Business Manager and ask for a review there."),
    row(506, 506, None, Rejected, "", 0, "Meta takes this for a repetition. Change the content."),
    row(613, 613, None, RateLimited, "", 0, "Too many requests of this kind. Wait, then try again."),
    row(803, 803, None, InvalidInput, "", 0, "There is no object with this id. Compare it with the list action for its kind."),
    row(1026, 1026, None, Rejected, "", 0, "The customer's WhatsApp cannot show this kind of message. Send another kind."),
    row(80007, 80008, None, RateLimited, "", 0, "The WhatsApp Business Account made too many calls this hour. Wait, then call less often."),
    row(130403, 130403, None, Rejected, "to", 0, "Your business has blocked this customer. Unblock the customer first."),
    row(130429, 130429, None, RateLimited, "", 1, "The phone number sends faster than it may (80 messages a second, 20 with the WhatsApp Business app). Wait, then send more slowly."),
    row(130472, 130472, None, Rejected, "", 0, "Meta keeps marketing messages from this customer as part of an experiment. Do not repeat it; wait until the customer writes."),
    row(130497, 130497, None, Rejected, "to", 0, "Your business may not message customers in this country. See the WhatsApp Business Messaging Policy."),
    row(130501, 130501, None, Rejected, "", 0, "WhatsApp cannot hand on this kind of message. Ask the customer to send it in another form."),
    row(131000, 131000, None, Unavailable, "", 0, "Meta could not say why. Try again a few times; if it stays, give the trace id to Meta's support."),
    row(131002, 131002, None, InvalidInput, "recipient_type", 0, "Set recipient_type to individual or group."),
    row(131005, 131005, None, Unauthorized, "", 0, "A permission is missing or was taken back. Check the token with validate-connection."),
    row(131006, 131006, None, InvalidInput, "", 0, "Meta does not find what the input names. Check the recipient and the ids."),
    row(131008, 131008, None, InvalidInput, "", 0, "Something that Meta needs is missing. The details name it; fill it in."),
    row(131009, 131009, None, InvalidInput, "", 0, "Meta does not accept a value. The details name it; correct it and run again."),
    row(131014, 131014, None, InvalidInput, "link", 0, "Meta could not download the file. Check that the link is public and works."),
    row(131016, 131016, None, Unavailable, "", 0, "A service of Meta's is down. Try again later; metastatus.com tells more."),
    row(131020, 131020, None, Rejected, "to", 0, "The group has no other member yet. Wait until somebody joins."),
    row(131021, 131021, None, InvalidInput, "to", 0, "Sender and recipient are the same number. Take another recipient."),
    row(131026, 131026, None, Rejected, "to", 0, "The message cannot be delivered: the number is not on WhatsApp, has not accepted its new terms, or uses an old version. Reach the customer by another way."),
    row(131030, 131030, None, Rejected, "to", 0, "A test number may only write to numbers on its list. Add the recipient in the app dashboard under API Setup; for Argentina, Brazil and Mexico exactly as listed there."),
    row(131031, 131031, None, Rejected, "", 0, "The business account is locked, or data did not match (a wrong PIN, for example). See Account Quality in Business Manager."),
    row(131035, 131035, None, Rejected, "", 0, "Your webhook was not reachable for too long. Keep it reachable."),
    row(131036, 131036, None, Rejected, "", 0, "One of the customer's devices did not get the message. Send it again if it matters."),
    row(131037, 131037, None, Rejected, "", 0, "The number's display name is not approved yet. Ask for its approval in WhatsApp Manager."),
    row(131041, 131041, None, InvalidInput, "to", 0, "There is no such group, or your number is not in it. Check the group id."),
    row(131042, 131042, None, Rejected, "", 0, "There is a problem with the payment method. Correct it in Billing of WhatsApp Manager."),
    row(131044, 131044, None, Rejected, "", 0, "Calls need a valid payment method. Add one in Billing of WhatsApp Manager."),
    row(131045, 131045, None, Rejected, "phone_number_id", 0, "The phone number's registration is not valid. Run ensure-registered."),
    row(131047, 131047, None, WindowClosed, "", 0, "More than 24 hours have passed since the customer last wrote. Send a template with send-template; when the customer answers, free text works again."),
    row(131048, 131048, None, RateLimited, "", 0, "Too many customers blocked or reported this number. Stop for some hours, then send less, and look at the number's quality rating."),
    row(131049, 131049, None, Rejected, "", 0, "Meta limits marketing messages per customer. Do not repeat it within 24 hours."),
    row(131050, 131050, None, Rejected, "", 0, "The customer has stopped marketing messages from you. Take the customer off the list."),
    row(131051, 131051, None, Rejected, "", 0, "WhatsApp does not support this kind of message. Use another kind."),
    row(131052, 131052, None, Rejected, "", 0, "Meta could not fetch the customer's file. Ask the customer to send it again, or by another way."),
    row(131053, 131053, None, InvalidInput, "", 0, "Meta could not take the file. Check that the link is public, and its type and size; the details say more."),
    row(131055, 131055, None, Rejected, "", 0, "This kind of message does not go through this endpoint. The details say which does."),
    row(131056, 131056, None, RateLimited, "", 6, "Too many messages to this customer in a short time: one in 6 seconds is allowed, short bursts aside. Wait; other customers are not affected."),
    row(131057, 131057, None, RateLimited, "", 60, "The account is in maintenance, for example while its throughput is raised. Try again in a minute."),
    row(131059, 131059, None, Rejected, "", 0, "The page's cursor is too old. Start from the first page."),
    row(131060, 131060, None, Rejected, "", 0, "WhatsApp cannot hand on this message. Ask the customer to send it again."),
    row(131062, 131062, None, Rejected, "to", 0, "This template cannot go to a user id. Send it to the phone number."),
    row(131063, 131063, None, Rejected, "", 0, "Marketing templates are switched off for this way of sending. Switch them on, or use Marketing Messages."),
    row(131064, 131064, None, Rejected, "", 0, "The account is limited because of wrongly categorised templates. Correct their category and wait."),
    row(131201, 131201, None, Rejected, "", 0, "Only a part was done. The details say which."),
    row(131202, 131202, None, InvalidInput, "", 0, "A participant is named twice. Name each one once."),
    row(131203, 131203, None, Rejected, "", 0, "The person has not accepted WhatsApp's new terms. Ask them to."),
    row(131204, 131204, None, InvalidInput, "", 0, "A group has at most 8 participants. Name fewer."),
    row(131207, 131207, None, Rejected, "", 0, "The group is suspended for breaking a policy."),
    row(131208, 131208, None, RateLimited, "", 0, "Too many group operations from this number. Wait, then try again."),
    row(131209, 131210, None, InvalidInput, "", 0, "The picture must be square and larger than 192 pixels."),
    row(131211, 131211, None, Rejected, "", 0, "The number has as many groups as it may have (10,000)."),
    row(131212, 131213, None, InvalidInput, "", 0, "The person is not in the group or has not asked to join. Read the group first."),
    row(131214, 131214, None, Rejected, "", 0, "Creating groups is stopped for now because of too much marketing. Try again in some days."),
    row(131215, 131215, None, Rejected, "", 0, "The phone number may not use groups yet."),
    row(132000, 132000, None, InvalidInput, "", 0, "The template needs another number of variables. Give exactly one value for each of its variables."),
    row(132001, 132001, None, InvalidInput, "name", 0, "There is no approved template of this name in this language. Check name, language and approval in WhatsApp Manager: en and en_US are different languages."),
    row(132005, 132005, None, InvalidInput, "", 0, "The template's text gets too long with these values. Shorten them."),
    row(132007, 132007, None, Rejected, "", 0, "The template breaks one of WhatsApp's policies. Change the template."),
    row(132008, 132008, None, InvalidInput, "", 0, "A value is not allowed in this template. The details name it."),
    row(132012, 132012, None, InvalidInput, "", 0, "A value does not have the kind that the template wants, for example text where the header is an image. Compare with the template."),
    row(132015, 132015, None, Rejected, "name", 0, "The template is paused for low quality. Change it or wait until Meta resumes it."),
    row(132016, 132016, None, Rejected, "name", 0, "The template is disabled for good. Make a new one."),
    row(132018, 132018, None, InvalidInput, "", 0, "The template does not accept these values. The details name the place."),
    row(132068, 132068, None, Rejected, "", 0, "The Flow is blocked. Correct it in WhatsApp Manager."),
    row(132069, 132069, None, RateLimited, "", 3600, "The Flow is throttled to 10 messages an hour. Correct it in WhatsApp Manager."),
    row(133000, 133000, None, Rejected, "phone_number_id", 0, "An earlier deregistration did not finish. Deregister the number once more, then register it."),
    row(133004, 133004, None, Unavailable, "", 0, "The server is down for a moment. Try again later; metastatus.com tells more."),
    row(133005, 133005, None, InvalidInput, "pin", 0, "The PIN is wrong. Give the number's two-step verification PIN, or set a new one in WhatsApp Manager. Guessing blocks the number."),
    row(133006, 133006, None, Rejected, "phone_number_id", 0, "The phone number has to be verified first. Ask for a code in WhatsApp Manager and enter it there."),
    row(133008, 133009, None, Rejected, "pin", 0, "Too many wrong PINs. Wait as long as the details say, then use the right one."),
    row(133010, 133010, None, Rejected, "phone_number_id", 0, "The phone number is not registered. Run ensure-registered with its PIN."),
    row(133015, 133015, None, RateLimited, "", 300, "The number was deleted a moment ago. Try again in 5 minutes."),
    row(133016, 133016, None, Rejected, "phone_number_id", 0, "The number was registered or deregistered 10 times in 72 hours. Wait until the 72 hours are over."),
    row(134011, 134011, None, Rejected, "", 0, "The terms of WhatsApp Payments have to be accepted. The message holds the link."),
    row(134100, 134100, None, Rejected, "name", 0, "Only marketing templates go this way. Use send-template."),
    row(134101, 134101, None, RateLimited, "", 600, "The template is still being prepared. Try again in 10 minutes."),
    row(134102, 134103, None, Rejected, "name", 0, "The template cannot be used this way. Use send-template."),
    row(135000, 135000, None, Rejected, "", 0, "Meta does not accept the request and does not say why. Check the input; give the trace id to Meta's support."),
    row(136024, 136025, None, Rejected, "", 0, "The code could not be sent or checked. Meta's message says why."),
    row(137000, 137000, None, Rejected, "identity_key_hash", 0, "The customer's identity has changed. Verify who it is, then send with the new hash."),
    row(138002, 138002, None, RateLimited, "", 0, "Too many calls at the same time. Wait, then try again."),
    row(138004, 138004, None, Unavailable, "", 0, "The call could not be connected. Try again."),
    row(138005, 138005, None, RateLimited, "", 0, "Too many calls. Wait, then try again."),
    row(138007, 138007, None, Unavailable, "", 0, "The call could not be connected in time. Try again."),
    row(138000, 138023, None, Rejected, "", 0, "The call is not possible. Meta's message says why."),
    row(139000, 139004, None, Rejected, "", 0, "The Flow has a problem. Correct it in WhatsApp Manager."),
    row(139100, 139100, None, Rejected, "", 0, "Some of the users could not be blocked or unblocked. The answer lists them."),
    row(139101, 139101, None, Rejected, "", 0, "The block list is full (64,000 users)."),
    row(139102, 139103, None, Unavailable, "", 0, "The block list changed meanwhile. Start again."),
    row(200005, 200007, None, Rejected, "", 0, "Template insights are not available here. Switch them on in WhatsApp Manager."),
    row(1752041, 1752041, None, Rejected, "", 0, "This was done before; there is nothing to do."),
    row(2388019, 2388019, None, Rejected, "", 0, "The account has as many templates as it may have. Delete some, or verify the business."),
    row(2388039, 2388039, None, Rejected, "", 0, "The template is under review and cannot be changed now. Wait."),
    row(2494100, 2494100, None, Unavailable, "", 60, "The number is in maintenance. Try again in some minutes."),
    row(2388001, 2388299, None, Rejected, "", 0, "Meta does not accept this. Its message says why."),
    row(2593085, 2593109, None, Rejected, "", 0, "Meta does not accept this. Its message says why."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_hides_another() {
        for entry in TABLE {
            let found = (entry.first..=entry.last)
                .filter_map(|code| find(Some(code.into()), entry.subcode))
                .any(|found| std::ptr::eq(found, entry));
            assert!(found, "{entry:?} is never found");
        }
    }

    #[test]
    fn what_meta_calls_retriable_is_retried() {
        for code in [
            1, 2, 4, 17, 80007, 130_429, 131_000, 131_016, 131_048, 131_056, 131_057, 133_004,
            131_208, 138_002, 138_004, 138_005, 138_007,
        ] {
            let class = find(Some(code), None).map(|entry| entry.class);
            assert!(
                matches!(class, Some(RateLimited | Unavailable)),
                "{code}: {class:?}"
            );
        }
    }

    #[test]
    fn the_window_has_a_case_of_its_own() {
        assert_eq!(
            find(Some(131_047), None).map(|entry| entry.class),
            Some(WindowClosed)
        );
    }

    #[test]
    fn an_unknown_object_is_told_from_another_bad_parameter() {
        let advice = |subcode| find(Some(100), subcode).map(|entry| entry.advice);
        assert_ne!(advice(Some(33)), advice(None));
        assert_eq!(advice(Some(1)), advice(None));
        assert!(find(None, Some(33)).is_none());
        assert!(find(Some(999_999), None).is_none() && find(Some(-1), None).is_none());
    }

    #[test]
    fn every_advice_is_a_sentence() {
        for entry in TABLE {
            assert!(
                entry.advice.ends_with('.') && entry.advice.len() > 20,
                "{entry:?}"
            );
        }
    }
}
