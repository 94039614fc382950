//! The interfaces that the component exports. A new one in the WIT is one more line at the end of this file.

use wasmtime::component::{Instance, InstancePre};
use wasmtime::{AsContextMut, Store};

use super::machine::CallState;
use crate::wit;

/// An exported interface, whose functions [`Session::call`](crate::Session::call) hands out. Implemented by the `Guest` of each module of
/// [`crate::wit`]; not to be implemented elsewhere.
pub trait Interface: Sized + sealed::Sealed {
    #[doc(hidden)]
    fn load(
        exports: &Exports,
        store: &mut Store<CallState>,
        instance: &Instance,
    ) -> Result<Self, String>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! interfaces {
    ($($module:ident),+ $(,)?) => {
        /// Where the functions of each interface are, or why the component has no such interface.
        #[derive(Clone)]
        #[doc(hidden)]
        pub struct Exports {
            $($module: Result<wit::$module::GuestIndices, String>,)+
        }

        impl Exports {
            pub(crate) fn find(component: &InstancePre<CallState>) -> Self {
                Self { $($module: wit::$module::GuestIndices::new(component).map_err(|error| error.to_string()),)+ }
            }

            /// The first interface that is not there.
            pub(crate) fn missing(&self) -> Option<&str> {
                [$(self.$module.as_ref().err(),)+].into_iter().flatten().next().map(String::as_str)
            }
        }

        $(
            impl sealed::Sealed for wit::$module::Guest {}

            impl Interface for wit::$module::Guest {
                fn load(exports: &Exports, store: &mut Store<CallState>, instance: &Instance) -> Result<Self, String> {
                    let indices = exports.$module.as_ref().map_err(Clone::clone)?;
                    indices.load(store.as_context_mut(), instance).map_err(|error| format!("{error:#}"))
                }
            }
        )+
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
