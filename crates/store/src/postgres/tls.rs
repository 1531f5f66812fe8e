//! How a connection is kept from the eyes of others: TLS, as far as `sslmode` asks for it, with the meaning that it has in
//! PostgreSQL's own programs.

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
};

use postgres::config::SslMode;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Result};

/// What is wrong with a file that has none.
const NONE: &str = "there is no certificate in it";

/// Which certificates of the other side are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Any: nobody can listen, but somebody else may answer.
    Nothing,
    /// Those of a known authority, whomever they name.
    Authority,
    /// Those of a known authority that name the host.
    Host,
}

/// What an address asks for.
pub(super) struct Wish {
    pub(super) mode: SslMode,
    check: Check,
    /// The file with the certificates of the authorities that count; else those of the machine do.
    authorities: Option<PathBuf>,
    /// The files with a certificate of our own and its key, by which the database knows us.
    own: Option<(PathBuf, PathBuf)>,
}

/// What an address says of TLS.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// `sslmode`.
    pub(super) mode: Option<String>,
    /// `sslrootcert`.
    pub(super) authorities: Option<String>,
    /// `sslcert`.
    pub(super) certificate: Option<String>,
    /// `sslkey`.
    pub(super) key: Option<String>,
}

impl Wish {
    /// Reads what an address asks for.
    pub(super) fn read(asked: Asked) -> Result<Self> {
        let Asked { mode, authorities, certificate, key } = asked;
        let own = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            _ => return Err(Error::HalfCertificate),
        };
        let (mode, check) = match (mode.as_deref().unwrap_or("prefer"), &authorities) {
            ("disable", _) => (SslMode::Disable, Check::Nothing),
            ("prefer", _) => (SslMode::Prefer, Check::Nothing),
            ("require", None) => (SslMode::Require, Check::Nothing),
            ("require", Some(_)) | ("verify-ca", _) => (SslMode::Require, Check::Authority),
            ("verify-full", _) => (SslMode::Require, Check::Host),
            _ => return Err(Error::SslMode),
        };
        let authorities = authorities.filter(|file| file != "system").map(PathBuf::from);
        Ok(Self { mode, check, authorities, own })
    }

    /// What makes TLS of a connection.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect> {
        let provider = Arc::new(ring::default_provider());
        let chain = match self.check {
            Check::Nothing => None,
            Check::Authority | Check::Host => Some(verifier(self.authorities.as_deref(), &provider)?),
        };
        let is_host_checked = self.check == Check::Host;
        let trust = Trust { chain, is_host_checked, provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|cause| Error::Tls(cause.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(trust));
        let config = match &self.own {
            None => config.with_no_client_auth(),
            Some((file, key)) => {
                let shown = config.with_client_auth_cert(certificates(file)?, private_key(key)?);
                shown.map_err(|cause| unreadable(file, &cause))?
            }
        };
        Ok(MakeRustlsConnect::new(config))
    }
}

/// The certificates in a file: one of our own, and those between it and an authority.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = || CertificateDer::pem_file_iter(file)?.collect::<std::result::Result<Vec<_>, _>>();
    let certificates = read().map_err(|cause| unreadable(file, &cause))?;
    if certificates.is_empty() { Err(unreadable(file, &NONE)) } else { Ok(certificates) }
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(file)
        .map_err(|cause| Error::Key { file: file.to_owned(), cause: cause.to_string() })
}

fn unreadable(file: &Path, cause: &dyn Display) -> Error {
    Error::Certificates { file: file.to_owned(), cause: cause.to_string() }
}

/// What checks that a certificate is one of a known authority's.
fn verifier(authorities: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    let mut roots = RootCertStore::empty();
    match authorities {
        Some(file) => {
            for certificate in certificates(file)? {
                roots.add(certificate).map_err(|cause| unreadable(file, &cause))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    built.map_err(|cause| Error::Tls(cause.to_string()))
}

/// Which certificates are taken, and how it is seen that the other side holds the key of one.
#[derive(Debug)]
struct Trust {
    chain: Option<Arc<WebPkiServerVerifier>>,
    is_host_checked: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        status: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, between, host, status, now) {
            // The name is looked at last: the rest is as it should be.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.is_host_checked => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
