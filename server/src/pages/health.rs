//! `/health`: whether the server and its database answer, for whoever watches it.

use crate::services::Services;
use actix_web::{HttpResponse, web};

pub async fn get(services: web::Data<Services>) -> HttpResponse {
    match services.check_database().await {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "status": "ok" })),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "database" }))
        }
    }
}
