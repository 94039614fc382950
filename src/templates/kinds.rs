//! What can be filled in: one row for each kind of variable.

/// Most characters of the value in a text header. Source: Meta's reference of the messages endpoint.
const HEADER_MAX: usize = 60;

/// Most characters of a value in the body of a template that has other components too. Source: as above.
const BODY_MAX: usize = 1024;

/// Most characters of a value in the body when the template has nothing else. Source: Meta's OpenAPI document.
pub const BODY_ALONE_MAX: usize = 32_768;

/// Most cards of a carousel. Source: Meta's pages on carousel templates.
pub const CARDS_MAX: usize = 10;

/// Most characters of a coupon code (20 since 2025-12-03). Source: Meta's page "Components".
const COPY_CODE_MAX: usize = 20;

/// Most characters of a one-time password. Source: Meta's page "Authentication templates".
const ONE_TIME_PASSWORD_MAX: usize = 15;

/// Most characters of what is put into a button's address. Source: Meta's page "Components".
const URL_MAX: usize = 2000;

/// Most characters of a call button's payload. Source: Meta's page "Call button messages".
const CALL_PAYLOAD_MAX: usize = 512;

/// How a value is written: in words, and as the JSON Schema that stands in the form and that the compiler checks.
pub struct Shape {
    /// What to give, for advice.
    pub expected: &'static str,
    /// The JSON Schema.
    pub schema: &'static str,
}

/// One line of text. The pattern is Meta's rule for variables: no new line, no tab, at most four spaces in a row.
static LINE: Shape = Shape {
    expected: "a text",
    schema: r#"{"type":"string","pattern":"^( {0,4}[^ \\n\\r\\t])+ {0,4}$"}"#,
};

/// What may stand in place of a text in header or body.
pub static MONEY_OR_DATE: &str = r#"{"type":"object","properties":{"currency":{"type":"object","properties":{"fallback_value":{"type":"string","pattern":""},"code":{"type":"string"},"amount1000":{"type":"integer"}},"required":["fallback_value","code","amount1000"]},"date_time":{"type":"string","pattern":""}},"oneOf":[{"required":["currency"]},{"required":["date_time"]}]}"#;

static TEXT: Shape = Shape {
    expected: "a text",
    schema: r#"{"type":"string","minLength":1}"#,
};

static FILE: Shape = Shape {
    expected: r#"{"link": "https://…"} or {"id": "…"}"#,
    schema: r#"{"type":"object","properties":{"link":{"type":"string","format":"uri"},"id":{"type":"string","minLength":1}},"oneOf":[{"required":["link"]},{"required":["id"]}],"additionalProperties":false}"#,
};

static DOCUMENT: Shape = Shape {
    expected: r#"{"link": "https://…", "filename": "…"} or {"id": "…", "filename": "…"}"#,
    schema: r#"{"type":"object","properties":{"link":{"type":"string","format":"uri"},"id":{"type":"string","minLength":1},"filename":{"type":"string","minLength":1}},"oneOf":[{"required":["link"]},{"required":["id"]}],"additionalProperties":false}"#,
};

static PLACE: Shape = Shape {
    expected: r#"{"latitude": 52.52, "longitude": 13.41, "name": "…", "address": "…"}"#,
    schema: r#"{"type":"object","properties":{"latitude":{"type":"number","minimum":-90,"maximum":90},"longitude":{"type":"number","minimum":-180,"maximum":180},"name":{"type":"string","minLength":1},"address":{"type":"string","minLength":1}},"required":["latitude","longitude"],"additionalProperties":false}"#,
};

static PRODUCT: Shape = Shape {
    expected: r#"{"product_retailer_id": "…", "catalog_id": "…"}"#,
    schema: r#"{"type":"object","properties":{"product_retailer_id":{"type":"string","minLength":1},"catalog_id":{"type":"string","minLength":1}},"required":["product_retailer_id","catalog_id"],"additionalProperties":false}"#,
};

/// The bounds say that it is neither seconds nor microseconds.
static MOMENT: Shape = Shape {
    expected: "milliseconds since 1970-01-01 UTC, such as 1798761600000",
    schema: r#"{"type":"integer","minimum":1000000000000,"maximum":99999999999999}"#,
};

static MINUTES: Shape = Shape {
    expected: "1 to 43200 minutes",
    schema: r#"{"type":"integer","minimum":1,"maximum":43200}"#,
};

static SECTIONS: Shape = Shape {
    expected: r#"[{"title": "…", "product_items": [{"product_retailer_id": "…"}]}]"#,
    schema: r#"{"type":"array","minItems":1,"maxItems":10,"items":{"type":"object","properties":{"title":{"type":"string","minLength":1,"maxLength":24},"product_items":{"type":"array","minItems":1,"maxItems":30,"items":{"type":"object","properties":{"product_retailer_id":{"type":"string","minLength":1}},"required":["product_retailer_id"],"additionalProperties":false}}},"required":["product_items"],"additionalProperties":false}}"#,
};

static OBJECT: Shape = Shape {
    expected: "an object with Meta's fields",
    schema: r#"{"type":"object","minProperties":1}"#,
};

/// What happens when no value is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It is refused.
    Refused,
    /// Nothing is sent.
    Nothing,
    /// The component is sent without parameters.
    Bare,
    /// Meta's default, the text `unused`, is sent.
    Unused,
}

/// A kind of variable.
pub struct Kind {
    /// Type of the component that it is in.
    pub component: &'static str,
    /// For headers the template's `format`, for buttons the template's `type`.
    pub when: &'static str,
    /// Name of the field in the form; that of a button gets the button in front, that of a variable its name behind. With spaces
    /// it is the label.
    pub name: &'static str,
    /// Its description; that of a variable is the text around it.
    pub help: &'static str,
    /// Type of Meta's parameter, and the key of its value.
    pub parameter: &'static str,
    /// Key inside that value; empty when what is given is the whole value.
    pub key: &'static str,
    /// How it is written.
    pub shape: &'static Shape,
    /// Most characters of a text.
    pub max: usize,
    /// What happens without it.
    pub absent: Absent,
}

/// A header that is a file or the like; the fields that differ are filled in below.
const HEADER: Kind = Kind {
    component: "header",
    when: "",
    name: "",
    help: "",
    parameter: "text",
    key: "",
    shape: &FILE,
    max: usize::MAX,
    absent: Absent::Refused,
};

/// A button with a text that may be left out.
const BUTTON: Kind = Kind {
    component: "button",
    parameter: "action",
    shape: &TEXT,
    absent: Absent::Nothing,
    ..HEADER
};

const THUMBNAIL: Kind = Kind {
    when: "mpm",
    name: "thumbnail_product_retailer_id",
    help: "Id of the product whose picture stands at the top.",
    key: "thumbnail_product_retailer_id",
    ..BUTTON
};

const PAYLOAD: Kind = Kind {
    when: "quick_reply",
    name: "payload",
    help: "A text of your own that comes back when the customer taps the button.",
    parameter: "payload",
    ..BUTTON
};

/// A variable in the text of the header.
pub static HEADER_TEXT: Kind = Kind {
    when: "text",
    name: "header_",
    shape: &LINE,
    max: HEADER_MAX,
    ..HEADER
};

/// A variable in the text of the body.
pub static BODY_TEXT: Kind = Kind {
    component: "body",
    name: "body_",
    shape: &LINE,
    max: BODY_MAX,
    ..HEADER
};

/// The code of an authentication template, in the body.
pub static BODY_CODE: Kind = Kind {
    component: "body",
    name: "one_time_password",
    help: "The code. It stands in the message, and the button hands it on.",
    shape: &LINE,
    max: ONE_TIME_PASSWORD_MAX,
    ..HEADER
};

/// The same in the button: to Meta it is the end of an address, whatever the button does.
pub static BUTTON_CODE: Kind = Kind {
    component: "button",
    when: "url",
    ..BODY_CODE
};

/// The end of a limited-time offer.
pub static OFFER_END: Kind = Kind {
    component: "limited_time_offer",
    name: "limited_time_offer_expires_at",
    help: "When the offer ends, in milliseconds since 1970-01-01 UTC.",
    parameter: "limited_time_offer",
    key: "expiration_time_ms",
    shape: &MOMENT,
    ..HEADER
};

/// The new status of an order.
pub static ORDER_STATUS: Kind = Kind {
    component: "order_status",
    name: "order_status",
    help: "Meta's order_status object: reference_id, and order with its status.",
    parameter: "order_status",
    shape: &OBJECT,
    ..HEADER
};

/// The headers that are no text, and the buttons. Buttons that are not here (phone number, product, call permission, contact
/// information) take no parameter.
pub static KINDS: [Kind; 17] = [
    Kind {
        when: "image",
        name: "header_image",
        help: "The picture at the top, by link or by id.",
        parameter: "image",
        ..HEADER
    },
    Kind {
        when: "video",
        name: "header_video",
        help: "The video at the top, by link or by id.",
        parameter: "video",
        ..HEADER
    },
    Kind {
        when: "gif",
        name: "header_gif",
        help: "The animation at the top, an MP4 file by link or by id.",
        parameter: "gif",
        ..HEADER
    },
    Kind {
        when: "document",
        name: "header_document",
        help: "The document at the top, by link or by id.",
        parameter: "document",
        shape: &DOCUMENT,
        ..HEADER
    },
    Kind {
        when: "location",
        name: "header_location",
        help: "The place on the map at the top.",
        parameter: "location",
        shape: &PLACE,
        ..HEADER
    },
    Kind {
        when: "product",
        name: "header_product",
        help: "The product at the top, from a catalog.",
        parameter: "product",
        shape: &PRODUCT,
        ..HEADER
    },
    PAYLOAD,
    Kind {
        when: "url",
        name: "url_suffix",
        parameter: "text",
        shape: &LINE,
        max: URL_MAX,
        absent: Absent::Refused,
        ..BUTTON
    },
    Kind {
        when: "copy_code",
        name: "copy_code",
        help: "The coupon code that the button copies.",
        parameter: "coupon_code",
        shape: &LINE,
        max: COPY_CODE_MAX,
        absent: Absent::Refused,
        ..BUTTON
    },
    Kind {
        when: "flow",
        name: "flow_token",
        help: "A text of your own that comes back with the customer's answer.",
        key: "flow_token",
        // Said aloud because a Flow's button has to be named in the message.
        absent: Absent::Unused,
        ..BUTTON
    },
    Kind {
        when: "flow",
        name: "flow_action_data",
        help: "What the Flow's first screen gets.",
        key: "flow_action_data",
        shape: &OBJECT,
        ..BUTTON
    },
    Kind {
        when: "catalog",
        // Meta's page "Catalog templates": without parameters the first product of the catalog is shown.
        absent: Absent::Bare,
        ..THUMBNAIL
    },
    THUMBNAIL,
    Kind {
        when: "mpm",
        name: "sections",
        help: "The products, up to 30 in up to 10 sections.",
        key: "sections",
        shape: &SECTIONS,
        absent: Absent::Refused,
        ..BUTTON
    },
    Kind {
        when: "order_details",
        name: "order_details",
        help: "Meta's order_details object: reference_id, currency, total_amount, payment settings.",
        key: "order_details",
        shape: &OBJECT,
        absent: Absent::Refused,
        ..BUTTON
    },
    Kind {
        when: "voice_call",
        name: "ttl_minutes",
        help: "For how many minutes the button works.",
        parameter: "ttl_minutes",
        shape: &MINUTES,
        ..BUTTON
    },
    Kind {
        when: "voice_call",
        max: CALL_PAYLOAD_MAX,
        ..PAYLOAD
    },
];
