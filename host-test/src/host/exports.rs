//! The functions that the component exports. A new interface in the WIT is one more line at the end of this file.

use std::collections::HashMap;

use wasmtime::Store;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{
    ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Lower, TypedFunc,
};

use super::machine::CallState;
use crate::wit;

/// The version of the contract, which is that of everything here.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where each function is.
pub(crate) struct Exports {
    /// By the name of the interface, without package and version, and the name of the function.
    functions: HashMap<String, HashMap<String, ComponentExportIndex>>,
    /// The first interface or function of the contract that is not there.
    missing: Option<String>,
}

impl Exports {
    pub(crate) fn find(component: &InstancePre<CallState>) -> Self {
        let (engine, exporter) = (component.engine(), component.component());
        let mut functions = HashMap::<String, HashMap<_, _>>::new();
        for interface in INTERFACES.iter().map(|name| name.replace('_', "-")) {
            let path = format!("whatsapp:connector/{interface}@{VERSION}");
            let Some((ComponentItem::ComponentInstance(instance), place)) =
                exporter.get_export(None, &path)
            else {
                continue;
            };
            let found = functions.entry(interface).or_default();
            for (name, _) in instance.exports(engine) {
                let index = exporter.get_export_index(Some(&place), name);
                found.extend(index.map(|index| (name.to_owned(), index)));
            }
        }
        Self {
            functions,
            missing: missing(component),
        }
    }

    /// What the contract has and the component has not.
    pub(crate) fn missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    /// A function of an instance. Its types are compared with those of the component at each call; so only the one that is called is looked at,
    /// and not all of its interface, as with the `Guest` that wasmtime generates.
    pub(super) fn function<P, R>(
        &self,
        store: &mut Store<CallState>,
        instance: &Instance,
        (interface, name): (&str, &str),
    ) -> Result<TypedFunc<P, R>, String>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let functions = self.functions.get(interface);
        let index = functions.and_then(|functions| functions.get(name));
        let index = index
            .ok_or_else(|| format!("no function `{interface}.{name}` (names as in `wit/`)"))?;
        instance
            .get_typed_func(store, index)
            .map_err(|error| format!("`{interface}.{name}` with other types: {error:#}"))
    }
}

macro_rules! interfaces {
    ($($module:ident),+ $(,)?) => {
        const INTERFACES: &[&str] = &[$(stringify!($module)),+];

        /// What wasmtime says of the first interface that is not there as a whole.
        fn missing(component: &InstancePre<CallState>) -> Option<String> {
            let checks = [$(wit::$module::GuestIndices::new(component).err(),)+];
            checks.into_iter().flatten().next().map(|error| error.to_string())
        }
    };
}

interfaces!(
    accounts,
    diagnosis,
    graph,
    interactive,
    media,
    messages,
    phone_numbers,
    plugin,
    templates,
    webhooks
);
