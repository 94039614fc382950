//! A ready-made business, and the names of its parts.

use serde_json::json;

use super::{Customer, PhoneNumber, Subscription, Template, Token, Waba, World};

/// Never expires, may do everything.
pub const ACCESS_TOKEN: &str = "EAASimulatorDemoAccessToken";
/// Expired in 2023.
pub const EXPIRED_TOKEN: &str = "EAASimulatorExpiredToken";
/// Withdrawn.
pub const REVOKED_TOKEN: &str = "EAASimulatorRevokedToken";
/// The app's id.
pub const APP_ID: &str = "500000000000001";
/// The app's secret; signs webhooks.
pub const APP_SECRET: &str = "simulated-app-secret";
/// The WABA.
pub const WABA_ID: &str = "200000000000001";
/// A registered number (+1 555-010-0001).
pub const PHONE_NUMBER_ID: &str = "100000000000001";
/// A verified number that is not registered yet (+1 555-010-0002), without a PIN.
pub const UNREGISTERED_PHONE_NUMBER_ID: &str = "100000000000002";
/// A registered test number (+1 555-010-0003) that may only message [`CUSTOMER`].
pub const TEST_PHONE_NUMBER_ID: &str = "100000000000003";
/// The customer's wa_id.
pub const CUSTOMER: &str = "15550100100";
/// The customer's business-scoped user id.
pub const CUSTOMER_USER_ID: &str = "US.13491208655302741918";

impl World {
    /// One app, one WABA, three numbers (registered, not registered, test number), templates, tokens and one customer
    /// who has not written yet. The app is subscribed to the WABA.
    ///
    /// Templates: `hello_world` (en_US, no parameters), `order_update` (en_US: image header, two positional body
    /// parameters, quick reply, URL button with a suffix), `appointment` (en_US, named `customer_name` and `date`),
    /// `login_code` (en_US, AUTHENTICATION), `summer_sale` (en_US, MARKETING), `paused_offer` (PAUSED),
    /// `disabled_offer` (DISABLED), `rejected_offer` (REJECTED).
    pub fn demo() -> Self {
        let mut world = Self::default();
        world.add_waba(Waba::new(WABA_ID, "Simulated Business Account"));
        world.add_token(Token::new(ACCESS_TOKEN).for_wabas([WABA_ID]));
        world.add_token(
            Token::new(EXPIRED_TOKEN)
                .for_wabas([WABA_ID])
                .expiring_at(1_700_000_000),
        );
        world.add_token(Token::new(REVOKED_TOKEN).for_wabas([WABA_ID]).revoked());

        let number = |id, display| PhoneNumber::new(id, WABA_ID, display);
        world.add_phone_number(number(PHONE_NUMBER_ID, "+1 555-010-0001"));
        world.add_phone_number(
            number(UNREGISTERED_PHONE_NUMBER_ID, "+1 555-010-0002").unregistered(),
        );
        world.add_phone_number(
            number(TEST_PHONE_NUMBER_ID, "+1 555-010-0003").test_number([CUSTOMER]),
        );

        world.add_customer(Customer::new(CUSTOMER, "Kim Customer").with_user_id(CUSTOMER_USER_ID));
        world.subscriptions.push(Subscription {
            waba_id: WABA_ID.into(),
            app_id: APP_ID.into(),
            override_callback_uri: None,
        });
        for template in demo_templates() {
            world.add_template(template);
        }
        world
    }
}

fn demo_templates() -> Vec<Template> {
    let template = |name, components| Template::new(WABA_ID, name, "en_US", components);
    let plain = |text| vec![json!({"type": "BODY", "text": text})];
    vec![
        template(
            "hello_world",
            vec![
                json!({"type": "HEADER", "format": "TEXT", "text": "Hello World"}),
                json!({"type": "BODY", "text": "Welcome and congratulations!"}),
                json!({"type": "FOOTER", "text": "A simulated business"}),
            ],
        ),
        template(
            "order_update",
            vec![
                json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://example.com/parcel.jpg"]}}),
                json!({"type": "BODY", "text": "Hi {{1}}, your order {{2}} is on its way.", "example": {"body_text": [["Kim", "A-17"]]}}),
                json!({"type": "FOOTER", "text": "Thank you"}),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Stop updates"},
                    {"type": "URL", "text": "Track", "url": "https://example.com/track/{{1}}", "example": ["https://example.com/track/A-17"]},
                ]}),
            ],
        ),
        template(
            "appointment",
            vec![json!({
                "type": "BODY",
                "text": "Hello {{customer_name}}, see you on {{date}}.",
                "example": {"body_text_named_params": [
                    {"param_name": "customer_name", "example": "Kim"},
                    {"param_name": "date", "example": "Monday"},
                ]},
            })],
        ),
        template(
            "login_code",
            vec![
                json!({"type": "BODY", "text": "*{{1}}* is your verification code."}),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "URL", "text": "Copy code", "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"},
                ]}),
            ],
        )
        .with_category("AUTHENTICATION"),
        template("summer_sale", plain("Everything must go.")).with_category("MARKETING"),
        template("paused_offer", plain("Paused.")).with_category("MARKETING").with_status("PAUSED"),
        template("disabled_offer", plain("Disabled.")).with_category("MARKETING").with_status("DISABLED"),
        template("rejected_offer", plain("Rejected.")).with_category("MARKETING").with_status("REJECTED"),
    ]
}
