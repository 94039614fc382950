//! What an error of `wasi:http` says about whether the request left.

use crate::bindings::exports::whatsapp::connector::http::Failure;
use crate::bindings::wasi::http::types::ErrorCode;

/// The failure that an error is. Nothing reached the server when there was no name, no connection, no TLS; when in doubt, it may have.
pub fn of(error: &ErrorCode) -> Failure {
    use ErrorCode as E;
    let text = format!("{error:?}");
    match error {
        E::DnsTimeout
        | E::DnsError(_)
        | E::DestinationNotFound
        | E::DestinationUnavailable
        | E::DestinationIpUnroutable
        | E::ConnectionRefused
        | E::ConnectionTimeout
        | E::ConnectionLimitReached
        | E::TlsProtocolError
        | E::TlsCertificateError => Failure::NotSent(text),
        E::DestinationIpProhibited | E::HttpRequestDenied => Failure::Denied(format!(
            "the engine does not let requests go there ({text}); allow it in the engine's configuration"
        )),
        E::HttpRequestLengthRequired
        | E::HttpRequestMethodInvalid
        | E::HttpRequestUriInvalid
        | E::HttpRequestUriTooLong
        | E::HttpRequestHeaderSectionSize(_)
        | E::HttpRequestHeaderSize(_) => {
            Failure::Denied(format!("the engine does not send such a request ({text})"))
        }
        _ => Failure::NoAnswer(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_doubt_the_request_may_have_arrived() {
        assert!(matches!(
            of(&ErrorCode::ConnectionRefused),
            Failure::NotSent(_)
        ));
        assert!(matches!(
            of(&ErrorCode::TlsCertificateError),
            Failure::NotSent(_)
        ));
        assert!(matches!(
            of(&ErrorCode::HttpRequestDenied),
            Failure::Denied(_)
        ));
        for error in [
            ErrorCode::ConnectionTerminated,
            ErrorCode::ConnectionReadTimeout,
            ErrorCode::ConnectionWriteTimeout,
            ErrorCode::HttpResponseTimeout,
            ErrorCode::HttpProtocolError,
            ErrorCode::InternalError(None),
            ErrorCode::ConfigurationError,
            ErrorCode::LoopDetected,
        ] {
            assert!(matches!(of(&error), Failure::NoAnswer(_)), "{error:?}");
        }
    }
}
