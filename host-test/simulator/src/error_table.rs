//! The Graph errors that the simulator can give: one row per code.
//!
//! Titles, statuses and meanings are those of Meta's error code page
//! (`business-messaging/whatsapp/support/error-codes`, copies of December 2025 and September 2026) and, where that page is
//! silent, of captured answers.

/// One error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorRow {
    /// Graph's `code`.
    pub code: u32,
    /// Meta's title: the text after `(#code) ` in `message`, and `title` in webhooks.
    pub title: &'static str,
    /// HTTP status of the answer when the error comes synchronously.
    pub http_status: u16,
    /// `error_data.details` when nothing more specific is known.
    pub details: &'static str,
}

const fn row(code: u32, http_status: u16, title: &'static str, details: &'static str) -> ErrorRow {
    ErrorRow {
        code,
        title,
        http_status,
        details,
    }
}

/// Every code the simulator knows, ascending.
#[rustfmt::skip]
pub static ERRORS: &[ErrorRow] = &[
    row(0, 401, "AuthException", "We were unable to authenticate the app user."),
    row(1, 400, "API Unknown", "Invalid request or possible server error."),
    row(2, 503, "API Service", "Temporary due to downtime or due to being overloaded."),
    row(3, 500, "API Method", "Capability or permissions issue."),
    row(4, 400, "Application request limit reached", "The app has reached its API call rate limit."),
    row(10, 403, "Application does not have permission for this action", "Permission is either not granted or has been removed."),
    row(17, 400, "User request limit reached", "User-level rate limit."),
    row(33, 400, "Parameter value is not valid", "The business phone number has been deleted."),
    row(100, 400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    row(101, 400, "API Unknown Application", "The app id is not the id of an app."),
    row(102, 401, "API Session", "The login status or access token has expired, been revoked, or is otherwise invalid."),
    row(104, 401, "An access token is required to request this resource", "Send an access token."),
    row(190, 401, "Invalid OAuth access token", "Your access token has expired or is invalid."),
    row(200, 403, "You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account", "Permission is either not granted or has been removed."),
    row(368, 403, "Temporarily blocked for policies violations", "The WhatsApp Business Account associated with the app has been restricted or disabled for violating a platform policy."),
    row(613, 429, "Calls to this api have exceeded the rate limit", "Custom rate limit."),
    row(803, 404, "Some of the aliases you requested do not exist", "Object does not exist."),
    row(1026, 400, "Receiver Incapable", "The recipient's client cannot receive this kind of message."),
    row(2200, 400, "Callback verification failed", "The callback URL did not answer the verification request as expected."),
    row(2500, 400, "OAuth Error", "The path or the query cannot be understood."),
    row(80007, 400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    row(80008, 400, "There have been too many calls to this WhatsApp Business account", "Wait a bit and try again."),
    row(130403, 400, "Unable to deliver the message", "This business has blocked the end user on WhatsApp."),
    row(130429, 400, "Rate limit hit", "Cloud API message throughput has been reached."),
    row(130472, 400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
    row(130497, 403, "Business account is restricted from messaging users in this country.", "The WhatsApp Business Account is restricted from messaging users in certain countries."),
    row(131000, 500, "Something went wrong", "Message failed to send due to an unknown error."),
    row(131005, 403, "Access denied", "Permission is either not granted or has been removed."),
    row(131008, 400, "Required parameter is missing", "The request is missing a required parameter."),
    row(131009, 400, "Parameter value is not valid", "One or more parameter values are invalid."),
    row(131016, 500, "Service unavailable", "A service is temporarily unavailable."),
    row(131020, 400, "Invalid group", "Cannot send a message to a group with only one member."),
    row(131021, 400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    row(131026, 400, "Message undeliverable", "Message Undeliverable."),
    row(131030, 400, "Recipient phone number not in allowed list", "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again."),
    row(131031, 403, "Account has been locked", "The WhatsApp Business Account has been restricted or disabled for violating a platform policy."),
    row(131037, 400, "WhatsApp provided number needs display name approval before message can be sent.", "The number has no approved display name."),
    row(131041, 400, "Unknown group", "The group does not exist or you are not a member of it."),
    row(131042, 400, "Business eligibility payment issue", "Message failed to send because there were one or more errors related to your payment method."),
    row(131045, 500, "Incorrect certificate", "Message failed to send due to a phone number registration error."),
    row(131047, 400, "Re-engagement message", "Message failed to send because more than 24 hours have passed since the customer last replied to this number."),
    row(131048, 400, "Spam rate limit hit", "Message failed to send because there are restrictions on how many messages can be sent from this phone number."),
    row(131049, 400, "Meta chose not to deliver.", "This message was not delivered to maintain healthy ecosystem engagement."),
    row(131050, 400, "User has stopped marketing messages", "The recipient has chosen to stop receiving marketing messages from your business."),
    row(131051, 400, "Unsupported message type", "Unsupported message type."),
    row(131052, 400, "Media download error", "Unable to download the media sent by the user."),
    row(131053, 400, "Media upload error", "Unable to upload the media used in the message."),
    row(131055, 400, "Method not allowed", "Only marketing template messages are supported."),
    row(131056, 400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent from the sender phone number to the same recipient phone number in a short period of time."),
    row(131057, 500, "Account in maintenance mode", "The business account is in maintenance mode."),
    row(131059, 400, "Invalid cursor", "The cursor is expired or corrupted. Start again from the first page."),
    row(131062, 400, "Business-scoped User ID (BSUID) recipients are not supported for this message", "Send the message to the user's phone number."),
    row(131063, 400, "Marketing templates are disabled on Cloud API", "Send the template with the Marketing Messages API."),
    row(131202, 400, "Duplicate participant", "The list of participants holds the same one twice."),
    row(131203, 400, "Recipient has not accepted our new Terms of Service and Privacy Policy.", "Recipient has not accepted our new Terms of Service and Privacy Policy."),
    row(131204, 400, "Too many participants", "A group can have at most 8 participants."),
    row(131207, 403, "Group suspended", "The group violates a platform policy."),
    row(131208, 429, "Group rate limit hit", "Too many group operations from this number."),
    row(131212, 400, "Participant not in group", "The participant is not in the group."),
    row(131213, 400, "Join request does not exist", "The join request does not exist or is not open any more."),
    row(132000, 400, "Number of parameters does not match the expected number of params", "The number of variable parameter values included in the request did not match the number of variable parameters defined in the template."),
    row(132001, 404, "Template name does not exist in the translation", "The template does not exist in the specified language or the template has not been approved."),
    row(132005, 400, "Translated text too long", "The translated text is too long."),
    row(132007, 400, "Template Format Character Policy Violated", "The template content violates a WhatsApp policy."),
    row(132012, 400, "Parameter format does not match format in the created template", "Variable parameter values formatted incorrectly."),
    row(132015, 400, "Template is paused", "The template is paused due to low quality so it cannot be sent in a template message."),
    row(132016, 400, "Template is disabled", "The template has been paused too many times due to low quality and is now permanently disabled."),
    row(132018, 400, "Template validation error", "There is an issue with the parameters in your template."),
    row(132068, 400, "Flow is in blocked state", "The flow is in a blocked state."),
    row(132069, 400, "Flow is in throttled state", "The flow is throttled and 10 messages using this flow were already sent in the last hour."),
    row(133000, 500, "Incomplete Deregistration", "A previous deregistration attempt failed."),
    row(133004, 503, "Server Temporarily Unavailable", "The server is temporarily unavailable."),
    row(133005, 400, "Two step verification PIN Mismatch", "The two-step verification PIN included in the request is incorrect."),
    row(133006, 400, "Phone number re-verification needed", "The phone number needs to be verified before registering."),
    row(133008, 400, "Too Many two step verification PIN Guesses", "Too many two-step verification PIN guesses for this phone number. Please try again in 12 hours."),
    row(133009, 400, "Two step verification PIN Guessed Too Fast", "The two-step verification PIN was entered too quickly."),
    row(133010, 400, "Account not registered", "The account is not registered on the WhatsApp Business Platform."),
    row(133015, 400, "Please wait a few minutes before attempting to register this phone number", "The phone number was recently deleted and the deletion is not complete."),
    row(133016, 400, "Account register deregister rate limit exceeded", "Registration or deregistration failed because there were too many attempts for this phone number in a short period of time."),
    row(134100, 400, "Only marketing messages supported", "Only templates of category MARKETING can be sent with the Marketing Messages API."),
    row(135000, 400, "Generic user error", "Message failed to send because of an unknown error with your request parameters."),
    row(136024, 400, "Request code error", "The verification code could not be requested."),
    row(136025, 400, "Verify code error", "The verification code is not correct."),
    row(137000, 400, "Recipient identity key mismatch", "The recipient_identity_key_hash sent does not match the user's current hash."),
    row(138000, 401, "Calling not enabled", "Calling is not enabled for this phone number."),
    row(138001, 400, "Receiver uncallable", "The recipient cannot be called."),
    row(138003, 400, "Duplicate call", "There is a call with this recipient already."),
    row(138006, 401, "No approved call permission found", "The recipient has not given the permission to call."),
    row(138009, 400, "Call permission request limit hit", "Too many call permission requests to this recipient."),
    row(138015, 400, "Cannot enable calling", "The messaging limit has to be at least 2,000."),
    row(139000, 400, "Flow blocked by integrity", "The flow violates a platform policy."),
    row(139001, 400, "Flow updating error", "The flow cannot be updated in its status."),
    row(139002, 400, "Flow publishing error", "The flow cannot be published."),
    row(139003, 400, "Flow deprecating error", "Only a published flow can be deprecated."),
    row(139004, 400, "Flow deleting error", "Only a draft can be deleted."),
    row(139100, 400, "Failed to block/unblock users", "Failed to block some users, see the block_users response list for details"),
    row(139101, 400, "Blocklist limit reached", "The block list holds 64,000 users."),
    row(139102, 400, "Blocklist concurrent update", "Blocklist was updated during retrieval - retry with offset 0"),
];

/// The row of a code; `None` when the simulator does not know it.
pub fn find(code: u32) -> Option<&'static ErrorRow> {
    ERRORS
        .binary_search_by_key(&code, |row| row.code)
        .ok()
        .and_then(|at| ERRORS.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ascending_so_that_a_search_finds_every_row() {
        for row in ERRORS {
            assert_eq!(find(row.code), Some(row), "code {}", row.code);
        }
        assert_eq!(find(7), None);
    }
}
