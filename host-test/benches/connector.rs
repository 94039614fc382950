//! How long things take: the built component in this host, and the same crate without WebAssembly. `cargo xtask bench` makes the table of
//! `docs/performance.md` of it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; a bench that fails has to end"
)]

mod support;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use host_test::wit::webhooks::{Header, Request, Signature, Verification};
use host_test::{Host, wit::messages, wit::types};
use std::hint::black_box;
use support::deliveries::{self, APP_SECRET, Delivery, VERIFY_TOKEN};
use support::native::{self, Gateway};
use support::{CUSTOMER, TEXT};
use wasmtime::component::Component;
use wasmtime::{Config, Engine};
use whatsapp_connector::{plugin, webhooks};

fn host() -> Host {
    support::builder().build().unwrap()
}

/// One whose compiler takes longer and makes faster code.
fn inlining_host() -> Host {
    support::builder().inlining(true).build().unwrap()
}

fn sends(criterion: &mut Criterion) {
    let (runtime, host) = (support::one_core(), host());
    let account = support::account(&host);
    let mut group = criterion.benchmark_group("send");
    group.bench_function("instance", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            black_box(host.session().await.unwrap());
        });
    });
    group.bench_function("fresh", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { account.send_text_to(CUSTOMER, TEXT).await.unwrap() });
    });
    let packed = support::builder().data_unpacked(false).build().unwrap();
    let packed = support::account(&packed);
    group.bench_function("fresh, packed", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { packed.send_text_to(CUSTOMER, TEXT).await.unwrap() });
    });
    let inlined = support::account(&inlining_host());
    group.bench_function("fresh, inlined", |bencher| {
        bencher
            .to_async(&runtime)
            .iter(|| async { inlined.send_text_to(CUSTOMER, TEXT).await.unwrap() });
    });
    let input = messages::Text {
        address: types::Address::to(CUSTOMER),
        body: TEXT.to_owned(),
        preview_url: None,
    };
    let (connection, typed) = (support::connection(), &input);
    let mut session = runtime.block_on(host.session()).unwrap();
    group.bench_function("warm", |bencher| {
        bencher.iter(|| {
            let call = session.call(("messages", "send-text"), (&connection, typed));
            let sent: Result<types::Sent, types::Error> = runtime.block_on(call).unwrap();
            sent.unwrap()
        });
    });
    let (connection, input) = (native::connection(), native::text());
    group.bench_function("warm by name", |bencher| {
        bencher.iter(|| {
            let call = session.invoke("send-text", &connection, &input);
            runtime.block_on(call).unwrap().unwrap()
        });
    });
    let mut session = runtime.block_on(inlined.host().session()).unwrap();
    group.bench_function("warm by name, inlined", |bencher| {
        bencher.iter(|| {
            let call = session.invoke("send-text", &connection, &input);
            runtime.block_on(call).unwrap().unwrap()
        });
    });
    let _runtime = runtime.enter();
    group.bench_function("native by name", |bencher| {
        let gateway = Gateway(&host);
        bencher.iter(|| plugin::invoke(&gateway, "send-text", &connection, &input).unwrap());
    });
    group.finish();
}

fn verification(verified_by_host: bool) -> Verification {
    Verification {
        verify_token: VERIFY_TOKEN.to_owned(),
        signature: match verified_by_host {
            true => Signature::VerifiedByHost,
            false => Signature::AppSecrets(vec![APP_SECRET.to_owned()]),
        },
    }
}

fn request(delivery: &Delivery) -> Request {
    Request {
        method: "POST".to_owned(),
        query: String::new(),
        headers: vec![Header {
            name: "X-Hub-Signature-256".to_owned(),
            value: delivery.signature.clone(),
        }],
        body: delivery.body.clone(),
    }
}

fn native_request(delivery: &Delivery) -> webhooks::Request {
    webhooks::Request {
        method: "POST".to_owned(),
        query: String::new(),
        headers: vec!["X-Hub-Signature-256".to_owned(), delivery.signature.clone()],
        body: delivery.body.clone(),
    }
}

fn handling(criterion: &mut Criterion) {
    deliveries::write();
    let (runtime, host) = (support::one_core(), host());
    let inlined = inlining_host();
    for verified_by_host in [false, true] {
        let name = if verified_by_host {
            "handle verified"
        } else {
            "handle signed"
        };
        let mut group = criterion.benchmark_group(name);
        let verification = verification(verified_by_host);
        for delivery in deliveries::all() {
            let request = request(&delivery);
            group.throughput(Throughput::Bytes(delivery.body.len() as u64));
            if delivery.body.len() > 100_000 {
                group.sample_size(20);
            }
            let id = |what: &str| BenchmarkId::new(what, delivery.name);
            // As the reference host does it: an instance for each delivery, events by type.
            group.bench_function(id("fresh"), |bencher| {
                bencher.iter(|| {
                    let outcome = runtime.block_on(host.webhooks_handle(&request, &verification));
                    assert_eq!(outcome.unwrap().events.len(), delivery.events);
                });
            });
            let mut session = runtime.block_on(host.session()).unwrap();
            group.bench_function(id("warm"), |bencher| {
                bencher.iter(|| {
                    let outcome =
                        runtime.block_on(session.webhooks_handle(&request, &verification));
                    assert_eq!(outcome.unwrap().events.len(), delivery.events);
                });
            });
            // JSON in, JSON out: here the two do the same, and differ in WebAssembly alone.
            group.bench_function(id("warm to JSON"), |bencher| {
                bencher.iter(|| {
                    let outcome = session.webhooks_handle_json(&request, &verification);
                    runtime.block_on(outcome).unwrap()
                });
            });
            let mut session = runtime.block_on(inlined.session()).unwrap();
            group.bench_function(id("inlined to JSON"), |bencher| {
                bencher.iter(|| {
                    let outcome = session.webhooks_handle_json(&request, &verification);
                    runtime.block_on(outcome).unwrap()
                });
            });
            group.bench_function(id("native to JSON"), |bencher| {
                let secrets = || (!verified_by_host).then(|| vec![APP_SECRET.to_owned()]);
                bencher.iter_batched(
                    || native_request(&delivery),
                    |request| webhooks::handle_json(&request, VERIFY_TOKEN, secrets()),
                    BatchSize::SmallInput,
                );
            });
        }
        group.finish();
    }
}

fn describing(criterion: &mut Criterion) {
    let (runtime, host) = (support::one_core(), host());
    let mut session = runtime.block_on(host.session()).unwrap();
    let mut group = criterion.benchmark_group("describe");
    group.sample_size(20);
    group.bench_function("warm", |bencher| {
        bencher.iter(|| runtime.block_on(session.describe()).unwrap());
    });
    group.bench_function("native", |bencher| bencher.iter(plugin::describe));
    group.finish();
}

fn starting(criterion: &mut Criterion) {
    let engine = Engine::new(&Config::new()).unwrap();
    let wasm = std::fs::read(support::component()).unwrap();
    let precompiled = Component::new(&engine, &wasm).unwrap().serialize().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &precompiled).unwrap();
    let mut group = criterion.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("compile", |bencher| {
        bencher.iter(|| Component::new(&engine, &wasm).unwrap());
    });
    group.bench_function("host", |bencher| bencher.iter(host));
    group.bench_function("host, inlined", |bencher| bencher.iter(inlining_host));
    #[allow(
        unsafe_code,
        reason = "this bench wrote the file itself, with this engine"
    )]
    group.bench_function("precompiled", |bencher| {
        // SAFETY: the file was made by `serialize` above and nobody else writes it.
        bencher.iter(|| unsafe { Component::deserialize_file(&engine, file.path()) }.unwrap());
    });
    group.finish();
}

criterion_group!(benches, sends, handling, describing, starting);
criterion_main!(benches);
