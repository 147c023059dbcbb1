"""Where the root of the site leads."""


def test_the_root_leads_to_the_desk(client, db) -> None:
    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/admin/")
