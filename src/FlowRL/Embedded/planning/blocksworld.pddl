; Blocks on a table, moved one at a time by one hand.
(define (domain blocksworld)
  (:requirements :strips)
  (:predicates (on ?x ?y) (table ?x) (clear ?x) (holding ?x) (empty))
  (:action pick
    :parameters (?x)
    :precondition (and (clear ?x) (table ?x) (empty))
    :effect (and (holding ?x) (not (clear ?x)) (not (table ?x)) (not (empty))))
  (:action put
    :parameters (?x)
    :precondition (holding ?x)
    :effect (and (clear ?x) (table ?x) (empty) (not (holding ?x))))
  (:action stack
    :parameters (?x ?y)
    :precondition (and (holding ?x) (clear ?y))
    :effect (and (on ?x ?y) (clear ?x) (empty) (not (holding ?x)) (not (clear ?y))))
  (:action unstack
    :parameters (?x ?y)
    :precondition (and (on ?x ?y) (clear ?x) (empty))
    :effect (and (holding ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (empty)))))
