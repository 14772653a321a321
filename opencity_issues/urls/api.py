"""Addresses of the REST interface."""

from django.urls import URLPattern, URLResolver, path

from opencity_issues.api.rest import desk, follows, issues, reference, schema, statistics, work

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", schema.guide, name="api"),
    path("api/v1/schema/", schema.SchemaView.as_view(), name="api_schema"),
    path("api/v1/token/", reference.TokenView.as_view(), name="api_token"),
    path("api/v1/categories/", reference.CategoriesView.as_view(), name="api_categories"),
    path("api/v1/organisations/", reference.OrganisationsView.as_view(), name="api_organisations"),
    path("api/v1/desk/", desk.DeskView.as_view(), name="api_desk"),
    path("api/v1/statistics/", statistics.StatisticsView.as_view(), name="api_statistics"),
    path("api/v1/follows/", follows.FollowsView.as_view(), name="api_follows"),
    path("api/v1/follows/<int:pk>/", follows.FollowView.as_view(), name="api_follow"),
    path("api/v1/issues/", issues.IssuesView.as_view(), name="api_issues"),
    path("api/v1/issues/<int:number>/", issues.IssueView.as_view(), name="api_issue"),
    path("api/v1/issues/<int:number>/events/", issues.EventsView.as_view(), name="api_events"),
    path("api/v1/issues/<int:number>/comments/", issues.CommentsView.as_view(), name="api_comments"),
    path("api/v1/issues/<int:number>/support/", issues.SupportView.as_view(), name="api_support"),
    path("api/v1/issues/<int:number>/transitions/", work.TransitionsView.as_view(), name="api_transitions"),
    path("api/v1/issues/<int:number>/messages/", work.MessagesView.as_view(), name="api_messages"),
]
