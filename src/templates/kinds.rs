//! What can be filled in: one row for each kind of variable.

/// Most characters of a value in the body of a template that has other components too. Source: Meta's reference of the messages
/// endpoint.
pub const BODY_MAX: usize = 1024;

/// Most characters of a value in the body when the template has nothing else. Source: Meta's OpenAPI document.
pub const BODY_ALONE_MAX: usize = 32_768;

/// Most cards of a carousel. Source: Meta's pages on carousel templates.
pub const CARDS_MAX: usize = 10;

/// The least and the greatest time in milliseconds: what is below is in seconds, what is above in microseconds.
pub const MOMENT: (u64, u64) = (1_000_000_000_000, 99_999_999_999_999);

/// For how many minutes a call button may work: at most 30 days.
pub const MINUTES: (u64, u64) = (1, 43_200);

/// Name of the end of a button's address.
pub const URL_SUFFIX: &str = "url_suffix";

/// What a value has to be, beside what the type of its input says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// One line of text; in header and body also an amount of money or a date.
    Line,
    /// Nothing more.
    Plain,
    /// A file by link or by id.
    File,
    /// A place on the map.
    Place,
    /// A JSON object in Meta's shape, with something in it.
    Object,
    /// Milliseconds since 1970.
    Moment,
    /// A number of minutes.
    Minutes,
    /// Sections of products.
    Sections,
}

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
    /// Name of the field in the form; that of a button gets the button in front, that of a variable, which ends with `_`, its name behind.
    /// With spaces it is the label.
    pub name: &'static str,
    /// Where it stands in the input of `send-template`: its type, its limit and its help text are those.
    pub typed: &'static str,
    /// Type of Meta's parameter, and the key of its value.
    pub parameter: &'static str,
    /// Key inside that value; empty when what is given is the whole value.
    pub key: &'static str,
    /// What its value has to be.
    pub how: How,
    /// What happens without it.
    pub absent: Absent,
}

const fn header(
    when: &'static str,
    name: &'static str,
    typed: &'static str,
    parameter: &'static str,
    how: How,
) -> Kind {
    Kind {
        component: "header",
        when,
        name,
        typed,
        parameter,
        key: "",
        how,
        absent: Absent::Refused,
    }
}

const fn button(
    when: &'static str,
    (name, typed): (&'static str, &'static str),
    (parameter, key): (&'static str, &'static str),
    how: How,
    absent: Absent,
) -> Kind {
    Kind {
        component: "button",
        when,
        name,
        typed,
        parameter,
        key,
        how,
        absent,
    }
}

/// A variable in the text of the header.
pub static HEADER_TEXT: Kind = header("text", "header_", "header.text", "text", How::Line);

/// A variable in the text of the body.
pub static BODY_TEXT: Kind = Kind {
    component: "body",
    ..header("", "body_", "body[].text", "text", How::Line)
};

/// The code of an authentication template, in the body.
pub static BODY_CODE: Kind = Kind {
    component: "body",
    ..BUTTON_CODE
};

/// The same in the button: to Meta it is the end of an address, whatever the button does.
pub const BUTTON_CODE: Kind = button(
    "url",
    ("one_time_password", "buttons[].one_time_password"),
    ("text", ""),
    How::Line,
    Absent::Refused,
);

/// The end of a limited-time offer.
pub static OFFER_END: Kind = Kind {
    component: "limited_time_offer",
    key: "expiration_time_ms",
    ..header(
        "",
        "limited_time_offer_expires_at",
        "limited_time_offer",
        "limited_time_offer",
        How::Moment,
    )
};

/// The new status of an order.
pub static ORDER_STATUS: Kind = Kind {
    component: "order_status",
    ..header(
        "",
        "order_status",
        "order_status",
        "order_status",
        How::Object,
    )
};

/// The headers that are no text, and the buttons. Buttons that are not here (phone number, product, call permission, contact
/// information) take no parameter.
#[rustfmt::skip]
pub static KINDS: [Kind; 18] = [
    header("image", "header_image", "header.image", "image", How::File),
    header("video", "header_video", "header.video", "video", How::File),
    header("gif", "header_gif", "header.gif", "gif", How::File),
    header("document", "header_document", "header.document", "document", How::File),
    header("location", "header_location", "header.location", "location", How::Place),
    header("product", "header_product", "header.product", "product", How::Plain),
    button("quick_reply", ("payload", "buttons[].quick_reply"), ("payload", ""), How::Plain, Absent::Nothing),
    button("url", (URL_SUFFIX, "buttons[].url"), ("text", ""), How::Line, Absent::Refused),
    button("copy_code", ("copy_code", "buttons[].copy_code"), ("coupon_code", ""), How::Line, Absent::Refused),
    // Without a value it is said aloud because a Flow's button has to be named in the message.
    button("flow", ("flow_token", "buttons[].flow.token"), ("action", "flow_token"), How::Plain, Absent::Unused),
    button("flow", ("flow_action_data", "buttons[].flow.data"), ("action", "flow_action_data"), How::Object, Absent::Nothing),
    // Meta's page "Catalog templates": without parameters the first product of the catalog is shown.
    button("catalog", ("thumbnail_product_retailer_id", "buttons[].catalog"), ("action", "thumbnail_product_retailer_id"), How::Plain, Absent::Bare),
    button("mpm", ("thumbnail_product_retailer_id", "buttons[].products.thumbnail_product_retailer_id"), ("action", "thumbnail_product_retailer_id"), How::Plain, Absent::Nothing),
    button("mpm", ("sections", "buttons[].products.sections"), ("action", "sections"), How::Sections, Absent::Refused),
    button("order_details", ("order_details", "buttons[].order_details"), ("action", "order_details"), How::Object, Absent::Refused),
    button("voice_call", ("ttl_minutes", "buttons[].call.ttl_minutes"), ("ttl_minutes", ""), How::Minutes, Absent::Nothing),
    button("voice_call", ("payload", "buttons[].call.payload"), ("payload", ""), How::Plain, Absent::Nothing),
    BUTTON_CODE,
];
