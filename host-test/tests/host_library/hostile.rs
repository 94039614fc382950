//! Guests that want out, or want too much: what they ask for does not happen, the text says why, and the host goes on serving.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use host_test::client::{HttpClient, IncomingResponse, NetworkOptions, OutgoingRequest, SendError};
use host_test::testing::ScriptedClient;
use host_test::wit::http::{Body, Content, Failure, Method, Request, Sink};
use host_test::{BlobStore, Credentials, DefaultHttpClient, Host, HostBuilder, HostError, Secret};

use crate::guest::{MANIFEST, PLUGIN_ONLY, WITH_HTTP, component, component_with, get_with};

const TOKEN: &str = "EAAGtoken";
const GRAPH: &str = "https://graph.facebook.com/v25.0/me";

fn builder(guest: Vec<u8>, client: &ScriptedClient) -> HostBuilder {
    let credentials = Credentials::new().access_token(Secret::new(TOKEN).unwrap());
    Host::builder()
        .component_bytes(guest)
        .allow_missing_exports(true)
        .credentials(credentials)
        .http_client(client.clone())
}

/// A guest that gets the URL that is the action's name.
fn asking() -> Vec<u8> {
    component(WITH_HTTP, &get_with(0, 0))
}

async fn ask(host: &Host, url: &str) -> String {
    let answer = host.invoke(url, "{}", "{}").await.unwrap().unwrap();
    assert_eq!(host.describe().await.unwrap(), MANIFEST);
    answer
}

#[tokio::test]
async fn a_guest_reaches_no_other_host_however_it_is_written() {
    let client = ScriptedClient::new();
    let host = builder(asking(), &client).build().unwrap();
    for url in [
        "https://evil.example/steal",
        "http://graph.facebook.com/v25.0/me",
        "https://graph.facebook.com:8443/v25.0/me",
        "https://graph.facebook.com@evil.example/",
        "https://graph.facebook.com.evil.example/",
        "http://127.0.0.1/",
        "http://127.0.0.1:8081/subscriptions",
        "https://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://localhost/",
        "http://localhost.localdomain/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "https://10.0.0.1/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://100.100.100.200/",
        "file:///etc/passwd",
        "unix:///var/run/docker.sock",
        "gopher://127.0.0.1:25/",
        "",
    ] {
        let text = ask(&host, url).await;
        let says = [
            "not a host of Meta",
            "unusual way",
            "absolute",
            "encryption",
            "port",
            "user name",
        ];
        assert!(says.iter().any(|part| text.contains(part)), "{url}: {text}");
        assert!(!text.contains(TOKEN), "{url}: {text}");
    }
    assert_eq!(client.requests(), []);
}

#[tokio::test]
async fn a_name_of_metas_that_leads_inside_is_not_followed_there() {
    for address in [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        "10.1.2.3".parse().unwrap(),
        "169.254.169.254".parse().unwrap(),
        "::1".parse().unwrap(),
        "::ffff:192.168.0.1".parse().unwrap(),
        "fd00::1".parse().unwrap(),
    ] {
        let options = NetworkOptions::default().look_up(move |_| async move { Ok(vec![address]) });
        let client = DefaultHttpClient::with(options).unwrap();
        let host = builder(asking(), &ScriptedClient::new())
            .http_client(client)
            .build()
            .unwrap();
        let text = ask(&host, GRAPH).await;
        for says in [
            "graph.facebook.com leads to",
            &address.to_string(),
            "not a public address",
        ] {
            assert!(text.contains(says), "{address}: {text}");
        }
        let request = Request {
            method: Method::Post,
            url: GRAPH.to_owned(),
            headers: vec![],
            body: Body::Empty,
            credentials: vec![],
            timeout_ms: None,
            sink: Sink::Memory,
        };
        // Whatever it was: nothing left, and asking again is of no use.
        let failure = host.http_send(request).await.unwrap_err();
        assert!(matches!(failure, Failure::Denied(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_target_may_not_be_asked() {
    let location = http::HeaderMap::from_iter([(
        http::header::LOCATION,
        http::HeaderValue::from_static("http://169.254.169.254/latest/"),
    )]);
    let client = ScriptedClient::new().answer(302, location, "moved");
    let host = builder(asking(), &client).build().unwrap();
    assert_eq!(ask(&host, GRAPH).await, "moved");
    let text = ask(&host, "http://169.254.169.254/latest/").await;
    assert!(text.contains("not a host of Meta"), "{text}");
    assert_eq!(client.requests().len(), 1);
}

#[tokio::test]
async fn a_header_that_belongs_to_the_host_is_the_hosts() {
    let names = [
        "authorization",
        "Host",
        "COOKIE",
        "proxy-authorization",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "expect",
    ];
    // One after the other from 4096 on; their records, all with the value `evil`, from 6144 on.
    let (mut data, mut records, mut at) = (String::new(), String::new(), 4096);
    for name in names {
        data += name;
        for word in [at, name.len(), 4090, 4] {
            let bytes = u32::try_from(word).unwrap().to_le_bytes();
            records.extend(bytes.map(|byte| format!("\\{byte:02x}")));
        }
        at += name.len();
    }
    let items = format!(
        r#"(data (i32.const 4090) "evil") (data (i32.const 4096) "{data}") (data (i32.const 6144) "{records}")"#
    );
    let guest = component_with(WITH_HTTP, &get_with(6144, names.len()), &items);
    let client = ScriptedClient::new().json(200, "{}");
    let host = builder(guest, &client).build().unwrap();
    assert_eq!(ask(&host, GRAPH).await, "{}");
    let [request] = &client.requests()[..] else {
        panic!("not one request")
    };
    let bearer = format!("Bearer {TOKEN}");
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let agent = format!("whatsapp-connector/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        headers,
        [
            ("accept-encoding", "identity"),
            ("authorization", &bearer),
            ("user-agent", &agent)
        ]
    );
}

/// A guest that gets the URL so many times.
fn asking_again(times: u32) -> Vec<u8> {
    let again = format!(
        "(local.set $c (i32.const 0)) (loop $again {} (local.set $c (i32.add (local.get $c) (i32.const 1))) (br_if $again (i32.lt_u (local.get $c) (i32.const {times}))))",
        // The memory for the answers is used again, or it would be the first limit.
        get_with(0, 0) + "(global.set $free (i32.const 65536))"
    );
    component(WITH_HTTP, &again)
}

/// A network whose answers take longer than a tick of the clock that stops guests.
struct Slow(ScriptedClient);

impl HttpClient for Slow {
    fn send(&self, request: OutgoingRequest) -> BoxFuture<'_, Result<IncomingResponse, SendError>> {
        let answer = self.0.send(request);
        async {
            tokio::time::sleep(Duration::from_millis(15)).await;
            answer.await
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_guest_that_waits_does_not_compute() {
    let client = ScriptedClient::new();
    let host = builder(asking_again(60), &client)
        .http_client(Slow(client.clone()))
        .compute_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    ask(&host, GRAPH).await;
    assert_eq!(client.requests().len(), 60);
}

#[tokio::test]
async fn a_guest_that_does_not_stop_asking_is_told_that_it_was_enough() {
    let client = ScriptedClient::new();
    let host = builder(asking_again(2100), &client).build().unwrap();
    let text = ask(&host, GRAPH).await;
    assert!(
        text.contains("2000 requests") && text.contains("max_requests_per_call"),
        "{text}"
    );
    assert_eq!(client.requests().len(), 2000);
    // The next call has as many again, and a host may say how many.
    let host = builder(asking_again(2100), &client)
        .max_requests_per_call(3)
        .build()
        .unwrap();
    for calls in 1..=2 {
        assert!(ask(&host, GRAPH).await.contains("3 requests"));
        assert_eq!(client.requests().len(), 2000 + 3 * calls);
    }
}

#[tokio::test]
async fn a_request_that_is_larger_than_its_memory_is_stopped() {
    // 40 parts of a form, each of them the same 10 MB: 400 MB if the host copied them.
    let body = r#"
        (drop (memory.grow (i32.const 200)))
        (local.set $al (i32.const 0))
        (loop $fill
            (local.set $cl (i32.add (i32.const 131072) (i32.mul (local.get $al) (i32.const 44))))
            (i32.store (local.get $cl) (i32.const 16))
            (i32.store offset=4 (local.get $cl) (i32.const 1))
            (i32.store offset=32 (local.get $cl) (i32.const 1))
            (i32.store offset=36 (local.get $cl) (i32.const 0))
            (i32.store offset=40 (local.get $cl) (i32.const 10000000))
            (local.set $al (i32.add (local.get $al) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $al) (i32.const 40))))
        (call $send (i32.const 1) (local.get $a) (i32.const 35) (i32.const 0) (i32.const 0)
            (i32.const 2) (i32.const 131072) (i32.const 40) (i32.const 0) (i32.const 0)
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048))"#;
    let client = ScriptedClient::new();
    let host = builder(component(WITH_HTTP, body), &client)
        .build()
        .unwrap();
    let error = host.invoke(GRAPH, "{}", "{}").await.unwrap_err();
    assert!(
        matches!(&error, HostError::Trap { reason, writes: 0 } if reason.contains("fuel")),
        "{error:?}"
    );
    assert_eq!(host.describe().await.unwrap(), MANIFEST);
    assert_eq!(client.requests(), []);
}

#[tokio::test]
async fn a_result_that_is_larger_than_its_memory_is_stopped() {
    // An error whose message, advice and field are the same 60 MB.
    let body = r"
        (drop (memory.grow (i32.const 950)))
        (i32.store8 (i32.const 1024) (i32.const 1))
        (i32.store8 (i32.const 1032) (i32.const 1))
        (i32.store (i32.const 1040) (i32.const 131072)) (i32.store (i32.const 1044) (i32.const 60000000))
        (i32.store (i32.const 1048) (i32.const 131072)) (i32.store (i32.const 1052) (i32.const 60000000))
        (i32.store8 (i32.const 1056) (i32.const 1))
        (i32.store (i32.const 1060) (i32.const 131072)) (i32.store (i32.const 1064) (i32.const 60000000))";
    let host = builder(component(PLUGIN_ONLY, body), &ScriptedClient::new())
        .build()
        .unwrap();
    let error = host.invoke("x", "{}", "{}").await.unwrap_err();
    assert!(
        matches!(&error, HostError::Trap { reason, .. } if reason.contains("fuel")),
        "{error:?}"
    );
    assert_eq!(host.describe().await.unwrap(), MANIFEST);
}

#[tokio::test]
async fn files_end_where_the_store_is_full() {
    let blobs = BlobStore::temporary()
        .unwrap()
        .max_bytes(10)
        .max_total_bytes(25);
    let file = "0123456789";
    let client = (0..4).fold(ScriptedClient::new(), |client, _| client.json(200, file));
    let host = builder(component(PLUGIN_ONLY, ""), &client)
        .blobs(blobs.clone())
        .build()
        .unwrap();
    let download = || Request {
        method: Method::Get,
        url: GRAPH.to_owned(),
        headers: vec![],
        body: Body::Empty,
        credentials: vec![],
        timeout_ms: None,
        sink: Sink::Blob,
    };
    let handle = |content| match content {
        Content::Blob(handle) => handle,
        other => panic!("{other:?}"),
    };
    let first = handle(host.http_send(download()).await.unwrap().body);
    host.http_send(download()).await.unwrap();
    let failure = host.http_send(download()).await.unwrap_err();
    let Failure::NoAnswer(text) = failure else {
        panic!("{failure:?}")
    };
    assert!(
        text.contains("25 bytes") && text.contains("max_total_bytes"),
        "{text}"
    );
    // What was begun takes no room, and what is deleted makes some.
    blobs.delete(&first).await.unwrap();
    host.http_send(download()).await.unwrap();
}

/// Does what the first letter of the action says.
const MISCHIEF: &str = r#"
    (local.set $c (i32.load8_u (local.get $a)))
    (if (i32.eq (local.get $c) (i32.const 108)) (then (loop $again (br $again))))                                ;; l
    (if (i32.eq (local.get $c) (i32.const 109)) (then (loop $again (drop (memory.grow (i32.const 1))) (br $again)))) ;; m
    (if (i32.eq (local.get $c) (i32.const 115)) (then (call $deep)))                                             ;; s
    (if (i32.eq (local.get $c) (i32.const 116)) (then unreachable))                                              ;; t
"#;

#[tokio::test]
async fn good_calls_go_on_beside_bad_ones() {
    const LIMIT: Duration = Duration::from_secs(2);
    let guest = component_with(
        PLUGIN_ONLY,
        MISCHIEF,
        "(func $deep (call $deep) (call $deep))",
    );
    let host = builder(guest, &ScriptedClient::new())
        .memory_limit(1 << 20)
        .call_timeout(LIMIT)
        .max_concurrent_calls(8)
        .build()
        .unwrap();
    let call = |action: &'static str| {
        let host = host.clone();
        tokio::spawn(async move { (action, host.invoke(action, "{}", "{}").await) })
    };
    // Two loops, which hold their slots to the end; everything else has to get by beside them.
    let mut tasks = vec![call("loop"), call("loop")];
    for _ in 0..20 {
        tasks.extend(["memory", "good", "stack", "good", "trap"].map(call));
    }
    for task in tasks {
        let (action, result) = task.await.unwrap();
        let expected = match &result {
            Ok(Ok(text)) => action == "good" && text.is_empty(),
            Err(HostError::TimedOut { limit, .. }) => action == "loop" && *limit == LIMIT,
            Err(HostError::MemoryLimit { .. }) => action == "memory",
            Err(HostError::Trap { reason, .. }) => {
                action == "stack" && reason.contains("call stack exhausted")
                    || action == "trap" && reason.contains("unreachable")
            }
            _ => false,
        };
        assert!(expected, "{action}: {result:?}");
    }
    // Every slot is free again.
    let sessions = futures_util::future::join_all((0..8).map(|_| host.session())).await;
    assert!(sessions.iter().all(Result::is_ok));
}
