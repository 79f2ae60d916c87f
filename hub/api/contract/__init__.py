"""The contract of the REST door as values: the same tables check what comes in and write the OpenAPI document."""
