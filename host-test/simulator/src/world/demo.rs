//! A ready-made business, and the names of its parts.

use super::{
    BUSINESS, Business, Customer, Flow, MANAGEMENT, MESSAGING, PhoneNumber, Subscription, Token,
    Waba, World,
};

/// Never expires, may do everything.
pub const ACCESS_TOKEN: &str = "EAASimulatorDemoAccessToken";
/// A token that may see the portfolios too, for both WABAs; never expires.
pub const BUSINESS_TOKEN: &str = "EAASimulatorBusinessToken";
/// Expired in 2023.
pub const EXPIRED_TOKEN: &str = "EAASimulatorExpiredToken";
/// Withdrawn.
pub const REVOKED_TOKEN: &str = "EAASimulatorRevokedToken";
/// The app's id.
pub const APP_ID: &str = "500000000000001";
/// The app's secret; signs webhooks.
pub const APP_SECRET: &str = "simulated-app-secret";
/// A login code that can be exchanged once, for a token like [`BUSINESS_TOKEN`] that lives 60 days.
pub const LOGIN_CODE: &str = "AQSimulatorLoginCode";
/// The portfolio that owns [`WABA_ID`] and has access to [`CLIENT_WABA_ID`].
pub const BUSINESS_ID: &str = "300000000000001";
/// The portfolio of a client.
pub const CLIENT_BUSINESS_ID: &str = "300000000000002";
/// The client's WABA, without templates or subscription. [`ACCESS_TOKEN`] was not granted for it.
pub const CLIENT_WABA_ID: &str = "200000000000101";
/// The client's registered number (+1 555-010-0101).
pub const CLIENT_PHONE_NUMBER_ID: &str = "100000000000101";
/// The WABA.
pub const WABA_ID: &str = "200000000000001";
/// A registered number (+1 555-010-0001).
pub const PHONE_NUMBER_ID: &str = "100000000000001";
/// A verified number that is not registered yet (+1 555-010-0002), without a PIN.
pub const UNREGISTERED_PHONE_NUMBER_ID: &str = "100000000000002";
/// A registered test number (+1 555-010-0003) that may only message [`CUSTOMER`].
pub const TEST_PHONE_NUMBER_ID: &str = "100000000000003";
/// The published Flow "feedback", which the template `feedback_form` opens.
pub const FLOW_ID: &str = "1800000000000001";
/// The customer's wa_id.
pub const CUSTOMER: &str = "15550100100";
/// The customer's business-scoped user id.
pub const CUSTOMER_USER_ID: &str = "US.13491208655302741918";

/// One screen with one entry field.
const FLOW_JSON: &str = r#"{"version":"7.0","screens":[{"id":"FEEDBACK","title":"Feedback","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"TextArea","name":"text","label":"How was it?"},{"type":"Footer","label":"Send","on-click-action":{"name":"complete","payload":{"text":"${form.text}"}}}]}}]}"#;

impl World {
    /// One app, one WABA, three numbers (registered, not registered, test number), templates, tokens and one customer
    /// who has not written yet. The app is subscribed to the WABA. Beside it a client's WABA with one number, which only
    /// [`BUSINESS_TOKEN`] sees.
    ///
    /// Templates, all in en_US: `hello_world` (no parameters), `order_update` (image header, two positional body parameters,
    /// quick reply, URL button with a suffix), `appointment` (named `customer_name` and `date`), `login_code`
    /// (AUTHENTICATION, a code to copy), `summer_sale` (MARKETING, no parameters), `paused_offer` (PAUSED), `disabled_offer`
    /// (DISABLED), `rejected_offer` (REJECTED), `parcel_ready` (image header, three named body parameters, URL button),
    /// `new_arrivals` (a carousel of two cards), `flash_sale` (limited-time offer, a coupon code to copy), `pickup_point` (a
    /// place as header, a phone button), `feedback_form` (named header parameter, Flow button).
    pub fn demo() -> Self {
        let mut world = Self::default();
        world.add_business(Business::new(BUSINESS_ID, "Simulated Business"));
        world.add_business(Business::new(CLIENT_BUSINESS_ID, "Simulated Client"));
        world.add_waba(Waba::new(WABA_ID, "Simulated Business Account").owned_by(BUSINESS_ID));
        let client = Waba::new(CLIENT_WABA_ID, "Client's Business Account");
        world.add_waba(client.owned_by(CLIENT_BUSINESS_ID).shared_with(BUSINESS_ID));
        world.add_token(Token::new(ACCESS_TOKEN).for_wabas([WABA_ID]));
        world.add_token(
            Token::new(BUSINESS_TOKEN)
                .for_wabas([WABA_ID, CLIENT_WABA_ID])
                .with_scopes([BUSINESS, MANAGEMENT, MESSAGING]),
        );
        world
            .login_codes
            .insert(LOGIN_CODE.into(), BUSINESS_TOKEN.into());
        world.add_token(
            Token::new(EXPIRED_TOKEN)
                .for_wabas([WABA_ID])
                .expiring_at(1_700_000_000),
        );
        world.add_token(Token::new(REVOKED_TOKEN).for_wabas([WABA_ID]).revoked());

        // Added one day after the other.
        let number = |id, display: &str, day: u64| {
            PhoneNumber::new(id, WABA_ID, display).created_at(1_790_000_000 + day * 86_400)
        };
        world.add_phone_number(number(PHONE_NUMBER_ID, "+1 555-010-0001", 0));
        world.add_phone_number(
            number(UNREGISTERED_PHONE_NUMBER_ID, "+1 555-010-0002", 1).unregistered(),
        );
        world.add_phone_number(
            number(TEST_PHONE_NUMBER_ID, "+1 555-010-0003", 2).test_number([CUSTOMER]),
        );
        world.add_phone_number(PhoneNumber::new(
            CLIENT_PHONE_NUMBER_ID,
            CLIENT_WABA_ID,
            "+1 555-010-0101",
        ));

        world.add_customer(Customer::new(CUSTOMER, "Kim Customer").with_user_id(CUSTOMER_USER_ID));
        world.subscriptions.push(Subscription {
            waba_id: WABA_ID.into(),
            app_id: APP_ID.into(),
            override_callback_uri: None,
        });
        let mut flow = Flow::new(FLOW_ID, WABA_ID, "feedback").published(FLOW_JSON);
        flow.categories = vec!["SURVEY".into()];
        world.flows.push(flow);
        for template in super::demo_templates::all() {
            world.add_template(template);
        }
        world
    }
}
