//! A host of WASI and `wasi:http` for the tests of the components that need one. They include it by its path.

use std::path::Path;
use wasmtime::Engine;
use wasmtime::component::{Component, InstancePre, Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::WasiHttpHooks;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

/// What an instance has of the host; `network` gets its requests.
pub struct Server<N> {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    network: N,
}

impl<N> Server<N> {
    pub fn new(wasi: WasiCtx, network: N) -> Self {
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            network,
        }
    }
}

impl<N: Send> WasiView for Server<N> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl<N: WasiHttpHooks + Send> WasiHttpView for Server<N> {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.network,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// A built component, compiled and linked.
pub fn load<N: WasiHttpHooks + Send>(file: &str) -> InstancePre<Server<N>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(file);
    assert!(
        path.exists(),
        "run `cargo xtask build` first: {file} is not there"
    );
    let engine = Engine::default();
    let component = Component::from_file(&engine, path).expect("is a component");
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("WASI can be linked");
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker).expect("HTTP can be linked");
    linker
        .instantiate_pre(&component)
        .expect("WASI is all that it imports")
}
