//! Adobe Commerce on cloud infrastructure, which tells a store's services in the environment.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::Connection;
use crate::source::server::Address;

/// Services by the name of the relationship, as JSON in Base64.
pub(super) const VARIABLE: &str = "MAGENTO_CLOUD_RELATIONSHIPS";

#[derive(Deserialize)]
struct Relationships {
    #[serde(default)]
    database: Vec<Service>,
}

/// A server; `path` is the name of the database.
#[derive(Deserialize)]
struct Service {
    host: String,
    port: u16,
    path: String,
    username: String,
    #[serde(default)]
    password: Option<String>,
}

/// The database of [`VARIABLE`]'s value; fails without a word of it, which holds a password.
pub(super) fn database(value: &str) -> Result<Address, String> {
    let broken = || format!("{VARIABLE} cannot be understood");
    let json = STANDARD.decode(value.trim()).map_err(|_| broken())?;
    let services: Relationships = serde_json::from_slice(&json).map_err(|_| broken())?;
    let Some(service) = services.database.into_iter().next() else {
        return Err(format!("{VARIABLE} names no database"));
    };
    Connection {
        host: service.host,
        port: Some(service.port.to_string()),
        socket: None,
        user: service.username,
        password: service.password,
        database: service.path,
    }
    .address()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_first_database_is_taken() {
        let value = |json: &str| STANDARD.encode(json);
        let found = database(&value(
            r#"{"redis":[{"host":"redis.internal","port":6379,"path":null,"username":null}],"database":[{"host":"database.internal",
            "port":3307,"path":"main","username":"user","password":"geheim","scheme":"mysql","query":{"is_master":true}}]}"#,
        ))
        .unwrap();
        assert_eq!((found.place().as_str(), found.user.as_str()), ("database.internal:3307/main", "user"));
        assert_eq!(found.password.unwrap().expose_secret(), "geheim");
        for (json, why) in
            [("{}", "names no database"), ("{\"database\":[{\"password\":\"geheim\"}]}", "cannot be understood")]
        {
            let said = database(&value(json)).unwrap_err();
            assert!(said.contains(why) && !said.contains("geheim"), "{said}");
        }
        assert!(database("%").is_err());
    }
}
