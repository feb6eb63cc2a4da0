; Packages carried by trucks within cities and by aeroplanes between airports.
(define (domain logistics)
  (:requirements :strips :typing)
  (:types city place thing - object
          airport - place
          package vehicle - thing
          truck plane - vehicle)
  (:predicates (at ?t - thing ?p - place) (in ?k - package ?v - vehicle) (of ?p - place ?c - city))
  (:action load
    :parameters (?k - package ?v - vehicle ?p - place)
    :precondition (and (at ?v ?p) (at ?k ?p))
    :effect (and (in ?k ?v) (not (at ?k ?p))))
  (:action unload
    :parameters (?k - package ?v - vehicle ?p - place)
    :precondition (and (at ?v ?p) (in ?k ?v))
    :effect (and (at ?k ?p) (not (in ?k ?v))))
  (:action drive
    :parameters (?t - truck ?p - place ?q - place ?c - city)
    :precondition (and (at ?t ?p) (of ?p ?c) (of ?q ?c))
    :effect (and (at ?t ?q) (not (at ?t ?p))))
  (:action fly
    :parameters (?a - plane ?p - airport ?q - airport)
    :precondition (at ?a ?p)
    :effect (and (at ?a ?q) (not (at ?a ?p)))))
